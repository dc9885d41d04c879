import System5Core
import System5Wire
import Workload

/// Resident growth for each entity.
func measureMemory(of word: String, _ count: Int) {
  let bytes: Int
  switch word {
  case "measurements":
    // Of 1,000 sources, which are there before.
    bytes = growth(VarietyMetricsStore.self, Shape(systems: 40, items: 25)) {
      $0.add(1000)
    } adding: {
      $0.add(count)
    }
  case "adaptations":
    bytes = growth(AdaptationStore.self, shape(of: count)) { $0.add(count) }
  case "policies":
    bytes = growth(PolicyStore.self, shape(of: count)) {
      $0.add(count)
      $0.add(count, of: "updated")
    }
  default: fail("no such entities: \(word)")
  }
  print("\(word),\(count),\(bytes / count)")
}

private func shape(of count: Int) -> Shape {
  let systems = min(100, count)
  return Shape(systems: systems, items: count / systems)
}

/// The redelivery window is as small as can be: it belongs to no entity.
private func growth<Store: EventStore>(
  _: Store.Type, _ shape: Shape, before prepare: (inout Entities<Store>) -> Void = { _ in },
  adding add: (inout Entities<Store>) -> Void
) -> Int where Store.System.Payload: WirePayload {
  var entities = Entities<Store>(shape: shape, redeliveryWindow: 1)
  prepare(&entities)
  let before = residentBytes()
  add(&entities)
  let after = residentBytes()
  withExtendedLifetime(entities) {}
  return after - before
}
