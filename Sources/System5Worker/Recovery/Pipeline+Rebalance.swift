import Kafka
import System5Core
import System5Wire

/// Assigned, revoked and lost are three different things, and each is over when it returns.
extension Pipeline {
  private static let timeout = 10_000
  private static let attempts = 3

  /// Every partition is read from the start of its log; what the group has committed is applied
  /// without publishing.
  func assigned(
    _ partitions: [TopicPartition], by consumer: Consumer
  ) throws(KafkaError) -> [PartitionOffset] {
    telemetry.rebalanced("assigned", partitions)
    let committed = try insisting { () throws(KafkaError) in
      try consumer.committed(partitions, timeoutMilliseconds: Pipeline.timeout)
    }
    var starts: [PartitionOffset] = []
    for partition in partitions {
      guard let input = topics.input(named: partition.topic) else { continue }
      let marks = try insisting { () throws(KafkaError) in
        try consumer.watermarks(of: partition, timeoutMilliseconds: Pipeline.timeout)
      }
      let offset = committed[partition]
      var publishFrom = offset
      if let offset, marks.low > 0 {
        guard configuration.fromBeginning else { throw unreachable(partition, marks.low, offset) }
        publishFrom = nil
      }
      tasks[partition] = ShardTask(
        partition, state: input.emptyPartition(rules: configuration.rules), start: marks.low,
        committed: publishFrom)
      telemetry.restoring(partition, from: marks.low, committed: publishFrom)
      starts.append(PartitionOffset(partition, marks.low))
    }
    return starts
  }

  private func unreachable(_ partition: TopicPartition, _ low: Int64, _ offset: Int64)
    -> KafkaError
  {
    let message =
      "The log of \(partition.label) begins at \(low), so the state at the group's offset "
      + "\(offset) cannot be restored from it; --from-beginning starts over with what is left."
    pending = stopping(message)
    return .application(message)
  }

  /// Still ours: finish what was begun, or undo it, and let go.
  func revoked(_ partitions: [TopicPartition], by consumer: Consumer) throws(KafkaError) {
    telemetry.rebalanced("revoked", partitions)
    defer { letGo(partitions) }
    guard hasUncommitted else { return }
    do throws(Trouble) {
      try commit(consumer)
    } catch {
      // Those that stay go back to their last commit after the poll.
      pending = error
    }
  }

  /// Perhaps another's already: undo, commit nothing, let go.
  func lost(_ partitions: [TopicPartition], by consumer: Consumer) throws(KafkaError) {
    telemetry.rebalanced("lost", partitions)
    letGo(partitions)
    if hasUncommitted { pending = Trouble(remedy: .abort, cause: "partitions were lost") }
  }

  private func letGo(_ partitions: [TopicPartition]) {
    for partition in partitions { tasks[partition] = nil }
  }

  /// The group waits while this asks, so not for long.
  private func insisting<Result>(
    _ body: () throws(KafkaError) -> Result
  ) throws(KafkaError) -> Result {
    for _ in 1..<Pipeline.attempts {
      do {
        return try body()
      } catch {
        if !(error.isTimeout || error.isTransport || error.isRetriable) { throw error }
      }
    }
    return try body()
  }
}
