public import Kafka
public import System5Core
public import System5Wire

/// What a pipeline knows of itself at one moment.
public struct PipelineReport: Sendable {
  public enum Phase: String, Sendable {
    /// Waits for a broker that answers, or for its turn to try again.
    case starting
    /// Has asked to be let into the group, and does not know yet which partitions it gets.
    case joining
    /// A member of the group, with whatever partitions that has given it.
    case running
    case ended
  }

  /// Of the pipeline in its process, from 0.
  public let number: Int
  public var phase: Phase
  /// When the loop last showed that it makes progress.
  public var beatAt: ContinuousClock.Instant
  /// How many records it has taken since its start, those for restoring included.
  public var records: Int64 = 0
  /// Whether a broker can be reached, as far as is known.
  public var isBrokerAway = false
  /// The input topics as they were when the pipeline began; none before that.
  public var topics: [InputReport] = []
  /// The partitions that are its own, in order.
  public var shards: [ShardReport] = []

  public init(number: Int, phase: Phase, beatAt: ContinuousClock.Instant) {
    self.number = number
    self.phase = phase
    self.beatAt = beatAt
  }
}

/// An input topic as the pipeline found it.
public struct InputReport: Hashable, Sendable {
  public let input: InputTopic
  public let topic: String
  public let partitionCount: Int32

  public init(input: InputTopic, topic: String, partitionCount: Int32) {
    self.input = input
    self.topic = topic
    self.partitionCount = partitionCount
  }
}

/// What is known of one partition that is a pipeline's own.
public struct ShardReport: Sendable {
  public enum Status: Hashable, Sendable {
    /// Its checkpoint is looked for and read; the text says how far, for people.
    case takingOver(progress: String)
    /// The log is applied up to the offset that the group has committed.
    case restoring(target: Int64)
    case live
  }

  public let partition: TopicPartition
  public let input: InputTopic
  public var status: Status
  /// As of the last commit; nil until it is restored.
  public var state: (any PartitionState)?
  /// The next offset to apply to the state, or while restoring to what is being restored.
  public var position: Int64
  /// What the group is known to have committed; nil before the first commit.
  public var committed: Int64?
  /// The offset after the last record of the log; nil while nothing is known of it.
  public var logEnd: Int64?
  /// How many records are yet to be applied; nil while nothing is known of the log's end.
  public var lag: Int64?
  /// The Kafka timestamp of the record that was applied last.
  public var newestRecord: Timestamp?
  /// How many records were applied since the partition was taken over.
  public var applied: Int64 = 0

  public init(
    partition: TopicPartition, input: InputTopic, status: Status, position: Int64,
    state: (any PartitionState)? = nil
  ) {
    self.partition = partition
    self.input = input
    self.status = status
    self.position = position
    self.state = state
  }
}
