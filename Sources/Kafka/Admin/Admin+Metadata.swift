internal import CRdkafka

/// A topic as the brokers describe it.
public struct TopicMetadata: Sendable, Equatable {
  public let name: String
  /// The number of partitions; 0 with an error.
  public let partitionCount: Int
  /// Why nothing is known of it, such as an error with `isUnknownTopic`.
  public let error: KafkaError?

  public init(name: String, partitionCount: Int, error: KafkaError?) {
    self.name = name
    self.partitionCount = partitionCount
    self.error = error
  }
}

extension Admin {
  /// Describes all topics that we may see, sorted by name.
  public func allTopics(timeoutMilliseconds: Int) throws(KafkaError) -> [TopicMetadata] {
    try metadata(of: nil, timeout: milliseconds(timeoutMilliseconds))
      .sorted { $0.name < $1.name }
  }

  /// Describes these topics, in their order, one request each: the timeout is for each.
  public func topics(
    _ names: [String], timeoutMilliseconds: Int
  ) throws(KafkaError) -> [TopicMetadata] {
    var result: [TopicMetadata] = []
    for name in names {
      result.append(try topic(name, timeout: milliseconds(timeoutMilliseconds)))
    }
    return result
  }

  private func topic(_ name: String, timeout: Int32) throws(KafkaError) -> TopicMetadata {
    guard let handle = rd_kafka_topic_new(client.pointer, name, nil) else {
      throw KafkaError(rd_kafka_last_error())
    }
    defer { rd_kafka_topic_destroy(handle) }
    let found = try metadata(of: handle, timeout: timeout).first { $0.name == name }
    let unknown = KafkaError(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
    return found ?? TopicMetadata(name: name, partitionCount: 0, error: unknown)
  }

  /// Asks for one topic, or for all.
  private func metadata(
    of topic: OpaquePointer?, timeout: Int32
  ) throws(KafkaError) -> [TopicMetadata] {
    var metadata: UnsafePointer<rd_kafka_metadata>?
    let code = rd_kafka_metadata(client.pointer, topic == nil ? 1 : 0, topic, &metadata, timeout)
    rd_kafka_poll(client.pointer, 0)
    try KafkaError.check(code)
    guard let metadata else { return [] }
    defer { rd_kafka_metadata_destroy(metadata) }
    let topics = UnsafeBufferPointer(
      start: metadata.pointee.topics, count: Int(metadata.pointee.topic_cnt))
    return topics.map { TopicMetadata($0) }
  }
}

extension TopicMetadata {
  fileprivate init(_ topic: rd_kafka_metadata_topic) {
    self.init(
      name: String(cString: topic.topic), partitionCount: Int(topic.partition_cnt),
      error: topic.err == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(topic.err))
  }
}
