import System5Core

/// A header of a record; its value may be nil, which is not the same as empty.
public struct RawHeader: Hashable, Sendable {
  public var name: String
  public var value: [UInt8]?

  public init(_ name: String, _ value: [UInt8]?) {
    self.name = name
    self.value = value
  }

  public init(_ name: String, text: String) { self.init(name, Array(text.utf8)) }
}

/// A record as it came; key and value are borrowed for as long as it is processed.
public struct RawRecord {
  public var key: UnsafeRawBufferPointer?
  public var value: UnsafeRawBufferPointer?
  /// nil where the broker keeps none.
  public var timestampMilliseconds: Int64?
  public var headers: [RawHeader]

  public init(
    key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?, timestampMilliseconds: Int64?,
    headers: [RawHeader] = []
  ) {
    self.key = key
    self.value = value
    self.timestampMilliseconds = timestampMilliseconds
    self.headers = headers
  }
}

/// Where a record lies.
public struct Position: Hashable, Sendable {
  /// The full name, with the deployment's prefix.
  public var topicName: String
  public var partition: Int32
  public var offset: Int64

  public init(topicName: String, partition: Int32, offset: Int64) {
    self.topicName = topicName
    self.partition = partition
    self.offset = offset
  }
}

extension Position: Comparable {
  /// By topic, partition and offset.
  public static func < (left: Position, right: Position) -> Bool {
    (left.topicName, left.partition, left.offset)
      < (right.topicName, right.partition, right.offset)
  }
}

/// Where a record goes.
public enum OutputKind: Hashable, Sendable {
  case result(OutputTopic)
  case deadLetters

  /// The topic's name without the deployment's prefix.
  public var suffix: String {
    switch self {
    case .result(let topic): topic.rawValue
    case .deadLetters: "dead-letters"
    }
  }
}

/// A record to be written.
public struct ResultRecord: Hashable, Sendable {
  public var topic: OutputKind
  /// The input's partition; taken modulo the number of partitions of the output topic.
  public var partition: Int32
  public var key: [UInt8]?
  /// nil: a tombstone, or a dead letter that had none.
  public var value: [UInt8]?
  public var headers: [RawHeader]
  /// 1 or more, as producers take 0 for the present.
  public var timestampMilliseconds: Int64

  public init(
    topic: OutputKind, partition: Int32, key: [UInt8]?, value: [UInt8]?, headers: [RawHeader],
    timestampMilliseconds: Int64
  ) {
    self.topic = topic
    self.partition = partition
    self.key = key
    self.value = value
    self.headers = headers
    self.timestampMilliseconds = timestampMilliseconds
  }
}
