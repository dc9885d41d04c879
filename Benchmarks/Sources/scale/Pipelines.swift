import Dispatch
import System5Core
import System5Wire
import Workload

/// Events a second of one pipeline's work and of two at once, each with a partition and a thread of
/// its own and records that are in memory already, in turns; and what two reach of twice one.
func measurePipelines(of word: String, _ count: Int) {
  switch word {
  case "policy": measure(PolicyStore.self, word, count)
  case "adaptation": measure(AdaptationStore.self, word, count)
  case "variety": measure(VarietyMetricsStore.self, word, count)
  default: fail("no such input: \(word)")
  }
}

private func measure<Store: EventStore>(
  _: Store.Type, _ word: String, _ count: Int
) where Store.System.Payload: WirePayload {
  // Copies would share their memory, and count together who holds it.
  let paths = (0..<2).map { _ in EventPath<Store>(Workload(Store.input, count: count)) }
  var rates: [Int: [Double]] = [1: [], 2: []]
  for _ in 0..<5 {
    for pipelines in [1, 2] {
      let seconds = wallSeconds { runAtOnce(paths.prefix(pipelines)) }
      rates[pipelines]?.append(Double(pipelines * count) / seconds)
    }
  }
  let (one, two) = (middle(rates[1] ?? []), middle(rates[2] ?? []))
  print("\(word),\(count),\(Int(one)),\(Int(two)),\((two / one * 100).rounded() / 100)")
}

/// Blocks until all are done.
private func runAtOnce<Store: EventStore>(_ paths: ArraySlice<EventPath<Store>>) {
  DispatchQueue.concurrentPerform(iterations: paths.count) { index in
    var partition = paths[index].partition
    paths[index].process(into: &partition)
  }
}
