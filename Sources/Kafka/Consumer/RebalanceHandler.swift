/// Decides what happens when the group gives or takes partitions.
///
/// It is lent to `Consumer.poll` and `Consumer.close`, and called within them, on their thread,
/// while the group waits. It may call `committed`, `watermarks`, `commit`, `groupMetadata` and the
/// like of the consumer it is given, but not `poll` or `close`. An error it throws is thrown by
/// the poll; a handler that fails for a reason of its own throws `KafkaError.application`.
public protocol RebalanceHandler: AnyObject {
  /// `partitions` are ours from now on; with the eager protocol these are all we have, with the
  /// cooperative one they come on top. Answers where each is to start; one left out starts at its
  /// committed offset. After an error nothing is assigned.
  func assigned(
    _ partitions: [TopicPartition], by consumer: Consumer
  ) throws(KafkaError) -> [PartitionOffset]

  /// `partitions` are still ours, and taken away when this returns or throws: finish and commit.
  func revoked(_ partitions: [TopicPartition], by consumer: Consumer) throws(KafkaError)

  /// `partitions` may already be another's: let go, and commit nothing.
  func lost(_ partitions: [TopicPartition], by consumer: Consumer) throws(KafkaError)
}
