import System5Core
import System5Wire
import Workload

/// How long the loop stands still for a commit's snapshot, and what it costs to go on from it.
func measurePause(with word: String, _ count: Int) {
  switch word {
  case "adaptations":
    measure(AdaptationStore.self, word, Shape(systems: 40, items: max(1, count / 40)), count)
  case "measurements":
    measure(VarietyMetricsStore.self, word, Shape(systems: 40, items: 25), count)
  default: fail("no such entities: \(word)")
  }
}

/// About as many as come in the 100 ms between two commits.
private let eventsBetween = 20_000

/// Microseconds of CPU time, median and longest, of a snapshot and of letting go of the one before,
/// which is what no other copy shares any more; and the loop's throughput with snapshots to that
/// without.
private func measure<Store: EventStore>(
  _: Store.Type, _ word: String, _ shape: Shape, _ count: Int
) where Store.System.Payload: WirePayload {
  var entities = Entities<Store>(shape: shape)
  entities.add(count)
  var former = entities.partition.snapshot
  var takes: [Double] = []
  var releases: [Double] = []
  for _ in 0..<20 {
    entities.add(eventsBetween)
    var snapshot = former
    takes.append(cpuSeconds { snapshot = entities.partition.snapshot })
    releases.append(cpuSeconds { former = snapshot })
  }
  withExtendedLifetime(former) {}
  let pauses = [middle(takes), takes.max() ?? 0, middle(releases), releases.max() ?? 0]
  let columns = pauses.map { String(Int($0 * 1e6)) }.joined(separator: ",")
  print("\(word),\(count),\(columns),\(throughputRatio(&entities))")
}

/// By turns, of the medians.
private func throughputRatio<Store: EventStore>(
  _ entities: inout Entities<Store>
) -> Double where Store.System.Payload: WirePayload {
  var with: [Double] = []
  var without: [Double] = []
  for _ in 0..<7 {
    var path = entities.next(5 * eventsBetween)
    with.append(cpuSeconds { entities.process(path, snapshotEvery: Int64(eventsBetween)) })
    path = entities.next(5 * eventsBetween)
    without.append(cpuSeconds { entities.process(path, snapshotEvery: nil) })
  }
  return (middle(without) / middle(with) * 1000).rounded() / 1000
}
