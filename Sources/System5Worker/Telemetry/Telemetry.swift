import Kafka
import Logging
import Metrics
import System5Wire

/// What an operator would ask, as swift-metrics and swift-log say it. No label is an id.
final class Telemetry {
  let logger: Logger
  private var records: [String: Counter] = [:]
  private var results: [String: Counter] = [:]
  private let transactions = Counter(label: "system5_transactions_total")
  private let plainCommits = Counter(label: "system5_offset_commits_total")
  private let misrouted = Counter(label: "system5_misrouted_total")
  private let restored = Counter(label: "system5_restored_records_total")
  private let commitTime = Metrics.Timer(label: "system5_commit_seconds")
  private var misroutedTopics: Set<String> = []

  init(logger: Logger) { self.logger = logger }

  func count(_ disposition: Disposition, of topic: String, isRestoring: Bool) {
    if isRestoring {
      restored.increment()
      return
    }
    let kind =
      switch disposition {
      case .applied: "applied"
      case .duplicate: "duplicate"
      case .deadLetter(let code): code.rawValue
      }
    let key = topic + " " + kind
    let counter =
      records[key]
      ?? Counter(
        label: "system5_records_total", dimensions: [("topic", topic), ("disposition", kind)])
    records[key] = counter
    counter.increment()
  }

  func countResult(to topic: String) {
    let counter =
      results[topic] ?? Counter(label: "system5_results_total", dimensions: [("topic", topic)])
    results[topic] = counter
    counter.increment()
  }

  func countMisrouted(in topic: String) {
    misrouted.increment()
    guard misroutedTopics.insert(topic).inserted else { return }
    logger.warning(
      "A key is in a partition where the Java client's partitioner would not have put it",
      metadata: [LogKey.topic: "\(topic)"])
  }

  func committed(withResults: Bool, in duration: Duration) {
    (withResults ? transactions : plainCommits).increment()
    commitTime.recordNanoseconds(Int64(duration / .nanoseconds(1)))
  }

  func recovered(from cause: String, by remedy: String) {
    Counter(label: "system5_recoveries_total", dimensions: [("remedy", remedy)]).increment()
    logger.warning(
      "Going back to the last commit",
      metadata: [LogKey.remedy: "\(remedy)", LogKey.cause: "\(cause)"])
  }

  func rebalanced(_ kind: String, _ partitions: [TopicPartition]) {
    Counter(label: "system5_rebalances_total", dimensions: [("kind", kind)]).increment()
    logger.info(
      "Partitions \(kind)",
      metadata: [LogKey.partitions: "\(partitions.sorted().map(\.label).joined(separator: " "))"])
  }

  func restoring(_ partition: TopicPartition, from start: Int64, committed: Int64?) {
    logger.info(
      "Reading the log",
      metadata: [
        LogKey.partitions: "\(partition.label)", LogKey.offset: "\(start)",
        LogKey.committed: "\(committed.map(String.init) ?? "none")",
      ])
  }

  func lag(of partition: TopicPartition, _ records: Int64) {
    Gauge(
      label: "system5_lag_records",
      dimensions: [("topic", partition.topic), ("partition", "\(partition.partition)")]
    ).record(records)
  }
}

extension TopicPartition {
  var label: String { "\(topic)-\(partition)" }
}

/// Every key of a log line's metadata.
enum LogKey {
  static let topic = "topic"
  static let partitions = "partitions"
  static let pipeline = "pipeline"
  static let remedy = "remedy"
  static let cause = "cause"
  static let version = "librdkafka"
  static let facility = "facility"
  static let offset = "offset"
  static let committed = "committed"
}
