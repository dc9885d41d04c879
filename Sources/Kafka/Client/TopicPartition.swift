internal import CRdkafka

/// One partition of one topic.
public struct TopicPartition: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let topic: String
  public let partition: Int32

  public init(topic: String, partition: Int32) {
    self.topic = topic
    self.partition = partition
  }

  /// Topics in the order of their names, and within a topic the partitions by number.
  public static func < (left: TopicPartition, right: TopicPartition) -> Bool {
    left.topic == right.topic ? left.partition < right.partition : left.topic < right.topic
  }

  public var description: String { "\(topic)[\(partition)]" }
}

/// A place in a partition: an offset, or one of `LogicalOffset`.
public struct PartitionOffset: Hashable, Sendable, CustomStringConvertible {
  public let topicPartition: TopicPartition
  public let offset: Int64

  public init(_ topicPartition: TopicPartition, _ offset: Int64) {
    self.topicPartition = topicPartition
    self.offset = offset
  }

  public init(topic: String, partition: Int32, offset: Int64) {
    self.init(TopicPartition(topic: topic, partition: partition), offset)
  }

  public var description: String { "\(topicPartition)@\(offset)" }
}

/// Offsets that name a place instead of counting to it; all are negative.
public enum LogicalOffset {
  /// The oldest record there is.
  public static let beginning: Int64 = Int64(RD_KAFKA_OFFSET_BEGINNING)
  /// After the newest record there is.
  public static let end: Int64 = Int64(RD_KAFKA_OFFSET_END)
  /// Where the group has committed, or `auto.offset.reset` if it has not.
  public static let committed: Int64 = Int64(RD_KAFKA_OFFSET_STORED)
}

/// The first offset a partition still has, and the offset its next record will get.
public struct Watermarks: Hashable, Sendable {
  public let low: Int64
  public let high: Int64

  public init(low: Int64, high: Int64) {
    self.low = low
    self.high = high
  }
}
