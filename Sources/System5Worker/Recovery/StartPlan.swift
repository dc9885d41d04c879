import Kafka

/// Where an assigned partition starts, out of what the brokers know of it.
enum StartPlan: Equatable {
  /// Nothing was committed: publish from the start of the log.
  case fresh(at: Int64)
  /// Apply from the start of the log, and publish from the committed offset on.
  case restore(from: Int64, committed: Int64)
  /// The log cannot restore what was committed, and the configuration says to start over.
  case startOver(at: Int64, ignoring: Int64)
  /// The log cannot restore what was committed.
  case impossible(WorkerExit)

  static func decide(
    _ partition: TopicPartition, committed: Int64?, logStart: Int64, fromBeginning: Bool
  ) -> StartPlan {
    guard let committed else { return .fresh(at: logStart) }
    if logStart == 0 { return .restore(from: 0, committed: committed) }
    if fromBeginning { return .startOver(at: logStart, ignoring: committed) }
    return .impossible(
      .configuration(
        "The state of \(partition.topic), partition \(partition.partition), cannot be restored: "
          + "the group has committed offset \(committed), but the log starts at \(logStart); "
          + "--from-beginning starts over with empty stores."))
  }
}
