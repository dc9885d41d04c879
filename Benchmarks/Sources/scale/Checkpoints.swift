import System5Core
import System5Wire
import Workload

/// How fast a partition is written as a checkpoint and brought back: bytes, MB/s of CPU time each.
func measureCheckpoint(of word: String, _ count: Int) {
  // As many systems as there would be, each with the same number of entities.
  let shape = Shape(systems: 40, items: max(1, count / 40))
  switch word {
  case "policy": measure(PolicyStore.self, shape, records: count)
  case "adaptation": measure(AdaptationStore.self, shape, records: count)
  // Points of 1,000 sources.
  case "variety": measure(VarietyMetricsStore.self, Shape(systems: 40, items: 25), records: count)
  default: fail("no such input: \(word)")
  }
}

private func measure<Store: EventStore>(
  _: Store.Type, _ shape: Shape, records: Int
) where Store.System.Payload: WirePayload {
  var entities = Entities<Store>(shape: shape)
  entities.add(records)
  var checkpoint = Checkpoint(of: entities.partition)
  let megabytes = Double(checkpoint.manifest.byteCount) / 1e6
  var rates: (write: [Double], load: [Double]) = ([], [])
  for _ in 0..<3 {
    rates.write.append(
      megabytes / cpuSeconds { checkpoint = Checkpoint(of: entities.partition) })
    var state: (any PartitionState)?
    rates.load.append(megabytes / cpuSeconds { state = checkpoint.load() })
    withExtendedLifetime(state) {}
  }
  let columns = [megabytes, middle(rates.write), middle(rates.load)].map { String(Int($0)) }
  print("\(Store.input),\(records),\(columns.joined(separator: ","))")
}
