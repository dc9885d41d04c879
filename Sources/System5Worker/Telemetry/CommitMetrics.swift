import Metrics
import System5Core

/// A commit that the brokers have acknowledged.
struct FinishedCommit {
  let hasResults: Bool
  let duration: Duration
  /// Timestamps of the first and the last record in it.
  let first: Timestamp?
  let last: Timestamp?
}

/// What is told of the commits of one kind.
final class CommitMetrics {
  private let duration: Timer
  private let first, last: Recorder

  /// - Parameter kind: `results`, or `offsets` alone, which nobody waits for.
  init(_ kind: String, factory: any MetricsFactory) {
    duration = WorkerMetric.commitDuration.timer(kind, factory: factory)
    first = WorkerMetric.latency.recorder(kind, "first", factory: factory)
    last = WorkerMetric.latency.recorder(kind, "last", factory: factory)
  }

  /// - Parameter time: in milliseconds since 1970.
  func add(_ commit: FinishedCommit, at time: Int64) {
    duration.record(duration: commit.duration)
    if let record = commit.first { first.record(record.age(at: time)) }
    if let record = commit.last { last.record(record.age(at: time)) }
  }
}

extension Timestamp {
  /// In seconds. Records come with any time that their producers like.
  ///
  /// - Parameter time: in milliseconds since 1970.
  func age(at time: Int64) -> Double { (Double(time) - Double(milliseconds)) / 1_000 }
}
