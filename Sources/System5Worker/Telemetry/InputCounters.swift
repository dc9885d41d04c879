import Metrics
import System5Wire

/// The counters of one input topic. All are there from the start: what appears with its first
/// increment looks to a reader as if it had never risen.
final class InputCounters {
  private let applied, duplicates, deadLetters, restored, misrouted: Counter
  private let codes: [RejectionCode: Counter]

  init(_ topic: String, factory: any MetricsFactory) {
    func records(_ disposition: String) -> Counter {
      WorkerMetric.records.counter(topic, disposition, factory: factory)
    }
    applied = records("applied")
    duplicates = records("duplicate")
    deadLetters = records("dead-letter")
    restored = records("restored")
    misrouted = WorkerMetric.misroutedRecords.counter(topic, factory: factory)
    codes = Dictionary(
      uniqueKeysWithValues: RejectionCode.allCases.map {
        ($0, WorkerMetric.deadLetters.counter(topic, $0.rawValue, factory: factory))
      })
  }

  func add(_ tally: ShardTask.Tally) {
    applied.increment(by: tally.applied)
    duplicates.increment(by: tally.duplicates)
    restored.increment(by: tally.restored)
    misrouted.increment(by: tally.misrouted)
    for (code, count) in tally.deadLetters {
      deadLetters.increment(by: count)
      codes[code]?.increment(by: count)
    }
  }
}

/// The counters of one output topic.
final class OutputCounters {
  private let results, bytes: Counter

  init(_ topic: String, factory: any MetricsFactory) {
    results = WorkerMetric.results.counter(topic, factory: factory)
    bytes = WorkerMetric.resultBytes.counter(topic, factory: factory)
  }

  func add(_ sent: Sent) {
    results.increment(by: sent.results)
    bytes.increment(by: sent.bytes)
  }
}

/// What went to an output topic.
struct Sent: Equatable {
  private(set) var results = 0
  private(set) var bytes = 0

  mutating func add(_ size: Int) {
    results += 1
    bytes += size
  }
}
