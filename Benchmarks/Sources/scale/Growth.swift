import System5Core
import System5Wire
import Workload

/// Events a second of CPU time, decoded, applied and encoded, when there are so many entities.
func measureGrowth(of word: String, _ count: Int) {
  // Each entity has an event a second, however many there are. Were time to pass as fast for more of
  // them, each event would find its system's half minute over, and bring an analysis of it.
  let pace = max(1, count / 1000)
  // A gap analysis lists the sources of its system: there are more systems, not larger ones.
  let all = Shape(systems: count / 25, items: 25, eventsPerMillisecond: pace)
  let result: Double
  switch word {
  case "sources": result = rate(VarietyMetricsStore.self, all)
  case "systems":
    result = rate(
      VarietyMetricsStore.self, Shape(systems: count, items: 1, eventsPerMillisecond: pace))
  case "policies": result = rate(PolicyStore.self, all)
  case "adaptations": result = rate(AdaptationStore.self, all)
  default: fail("no such entities: \(word)")
  }
  print("\(word),\(count),\(Int(result))")
}

/// The median of several passes over a full store. All of them lie within one period, so that none
/// has the work that is done for all entities at its end.
private func rate<Store: EventStore>(
  _: Store.Type, _ shape: Shape
) -> Double where Store.System.Payload: WirePayload {
  let (passes, events) = (5, 100_000)
  var entities = Entities<Store>(shape: shape, rounds: 2)
  entities.add(2 * shape.count)
  let rates = (0..<passes).map { _ in
    let path = entities.next(events)
    return Double(events) / cpuSeconds { entities.process(path) }
  }
  return middle(rates)
}
