public import Kafka

/// Knows who of the group works on which partition.
public protocol MemberDirectory: Sendable {
  func owner(of partition: TopicPartition) async throws(DirectoryError) -> ShardOwner
}

/// Who works on a partition.
public enum ShardOwner: Sendable, Equatable {
  /// A member that serves HTTP at `host:port`.
  case address(String)
  /// A member that serves none.
  case silent
  case nobody
}

/// The brokers did not say.
public struct DirectoryError: Error, Sendable {
  public let reason: String

  public init(reason: String) { self.reason = reason }
}
