import Kafka
import Metrics
import System5Wire

/// All metrics of a worker. Labels have few values: no id of a system or of an event is one.
///
/// Confined to one thread, as it remembers the handles it has made.
final class WorkerMetrics {
  enum Rebalance: String { case assigned, revoked, lost }

  private let factory: any MetricsFactory
  private var counters: [String: Counter] = [:]
  private var gauges: [String: Gauge] = [:]
  private let commitLatency: Timer

  init(factory: any MetricsFactory) {
    self.factory = factory
    commitLatency = Timer(
      label: "system5_commit_duration_seconds", dimensions: [],
      preferredDisplayUnit: .seconds, factory: factory)
    Gauge(
      label: "system5_librdkafka_info", dimensions: [("version", Librdkafka.version)],
      factory: factory
    ).record(1)
  }

  func records(_ tally: ShardTask.Tally, topic: String) {
    let name = "system5_records_total"
    add(tally.applied, name, [("topic", topic), ("disposition", "applied")])
    add(tally.duplicates, name, [("topic", topic), ("disposition", "duplicate")])
    add(tally.restored, name, [("topic", topic), ("disposition", "restored")])
    add(tally.misrouted, "system5_misrouted_records_total", [("topic", topic)])
    for (code, count) in tally.deadLetters {
      add(count, name, [("topic", topic), ("disposition", "dead-letter")])
      add(count, "system5_dead_letters_total", [("code", code.rawValue)])
    }
  }

  func result(to topic: String) { add(1, "system5_results_total", [("topic", topic)]) }

  func committed(in duration: Duration, transactional: Bool) {
    let kind = transactional ? "transaction" : "offsets"
    add(1, "system5_commits_total", [("kind", kind)])
    commitLatency.record(duration: duration)
  }

  func checkpointed(bytes: Int64, topic: String) {
    add(1, "system5_checkpoints_total", [("topic", topic)])
    add(Int(clamping: bytes), "system5_checkpoint_bytes_total", [("topic", topic)])
  }

  func checkpointFailed(topic: String) {
    add(1, "system5_checkpoint_failures_total", [("topic", topic)])
  }

  func aborted(cause: String) { add(1, "system5_aborts_total", [("cause", cause)]) }

  func restarted(cause: String) { add(1, "system5_restarts_total", [("cause", cause)]) }

  func rebalanced(_ kind: Rebalance) {
    add(1, "system5_rebalances_total", [("kind", kind.rawValue)])
  }

  func lag(_ records: Int64, of partition: TopicPartition) {
    gauge("system5_lag_records", partition).record(records)
  }

  func restoring(_ remaining: Int64, of partition: TopicPartition) {
    gauge("system5_restore_remaining_records", partition).record(remaining)
  }

  func systems(_ count: Int, of partition: TopicPartition) {
    gauge("system5_store_systems", partition).record(count)
  }

  /// Forgets what was said of a partition that is no longer ours.
  func dropped(_ partition: TopicPartition) {
    for name in [
      "system5_lag_records", "system5_restore_remaining_records", "system5_store_systems",
    ] {
      gauges.removeValue(forKey: "\(name) \(partition)")?.destroy()
    }
  }

  private func gauge(_ name: String, _ partition: TopicPartition) -> Gauge {
    let key = "\(name) \(partition)"
    if let gauge = gauges[key] { return gauge }
    let new = Gauge(
      label: name,
      dimensions: [("topic", partition.topic), ("partition", "\(partition.partition)")],
      factory: factory)
    gauges[key] = new
    return new
  }

  private func add(_ count: Int, _ name: String, _ labels: [(String, String)]) {
    if count == 0 { return }
    let key = labels.reduce(into: name) { $0 += " \($1.1)" }
    if let counter = counters[key] { return counter.increment(by: count) }
    let new = Counter(label: name, dimensions: labels, factory: factory)
    counters[key] = new
    new.increment(by: count)
  }
}
