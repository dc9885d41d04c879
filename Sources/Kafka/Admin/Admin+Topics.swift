internal import CRdkafka

/// A topic to be created.
public struct NewTopic: Sendable, Equatable {
  public let name: String
  /// -1 for the brokers' default.
  public let partitionCount: Int
  /// -1 for the brokers' default.
  public let replicationFactor: Int
  /// Properties such as `cleanup.policy`; those left out are the brokers' default.
  public let configuration: [String: String]

  public init(
    name: String, partitionCount: Int, replicationFactor: Int = -1,
    configuration: [String: String] = [:]
  ) {
    self.name = name
    self.partitionCount = partitionCount
    self.replicationFactor = replicationFactor
    self.configuration = configuration
  }
}

extension Admin {
  /// Creates topics and waits until the brokers have, with one result for each. A topic that
  /// exists is an error with `isTopicAlreadyExists`. Throws if nothing was answered, or an
  /// argument is out of range.
  public func createTopics(
    _ topics: [NewTopic], timeoutMilliseconds: Int
  ) throws(KafkaError) -> [TopicResult] {
    if topics.isEmpty { return [] }
    var made: [OpaquePointer?] = []
    defer { for topic in made { rd_kafka_NewTopic_destroy(topic) } }
    for topic in topics { made.append(try topic.make()) }
    return try request(
      RD_KAFKA_ADMIN_OP_CREATETOPICS, timeoutMilliseconds: timeoutMilliseconds
    ) { options, queue in
      rd_kafka_CreateTopics(client.pointer, &made, made.count, options, queue)
    } read: { event in
      topicResults(rd_kafka_event_CreateTopics_result(event), rd_kafka_CreateTopics_result_topics)
    }
  }

  /// Deletes topics with all their records, with one result for each.
  public func deleteTopics(
    _ names: [String], timeoutMilliseconds: Int
  ) throws(KafkaError) -> [TopicResult] {
    if names.isEmpty { return [] }
    var made = names.map { rd_kafka_DeleteTopic_new($0) }
    defer { for topic in made { rd_kafka_DeleteTopic_destroy(topic) } }
    return try request(
      RD_KAFKA_ADMIN_OP_DELETETOPICS, timeoutMilliseconds: timeoutMilliseconds
    ) { options, queue in
      rd_kafka_DeleteTopics(client.pointer, &made, made.count, options, queue)
    } read: { event in
      topicResults(rd_kafka_event_DeleteTopics_result(event), rd_kafka_DeleteTopics_result_topics)
    }
  }

  /// Adds partitions to a topic until it has `count`; it cannot be made to have fewer.
  public func createPartitions(
    of topic: String, count: Int, timeoutMilliseconds: Int
  ) throws(KafkaError) -> TopicResult {
    precondition(count > 0, "a topic has at least one partition")
    var reason = ""
    var made = withErrorText(&reason) { rd_kafka_NewPartitions_new(topic, count, $0, $1) }
    guard made != nil else { throw KafkaError(RD_KAFKA_RESP_ERR__INVALID_ARG, reason: reason) }
    defer { rd_kafka_NewPartitions_destroy(made) }
    let results = try request(
      RD_KAFKA_ADMIN_OP_CREATEPARTITIONS, timeoutMilliseconds: timeoutMilliseconds
    ) { options, queue in
      rd_kafka_CreatePartitions(client.pointer, &made, 1, options, queue)
    } read: { event in
      topicResults(
        rd_kafka_event_CreatePartitions_result(event), rd_kafka_CreatePartitions_result_topics)
    }
    return results.first ?? TopicResult(name: topic, error: KafkaError(RD_KAFKA_RESP_ERR__FAIL))
  }
}

extension NewTopic {
  /// librdkafka's object, owned by the caller.
  fileprivate func make() throws(KafkaError) -> OpaquePointer {
    var reason = ""
    let made = withErrorText(&reason) {
      rd_kafka_NewTopic_new(
        name, Int32(clamping: partitionCount), Int32(clamping: replicationFactor), $0, $1)
    }
    guard let made else { throw KafkaError(RD_KAFKA_RESP_ERR__INVALID_ARG, reason: reason) }
    for (name, value) in configuration.sorted(by: { $0.key < $1.key }) {
      let code = rd_kafka_NewTopic_set_config(made, name, value)
      if code != RD_KAFKA_RESP_ERR_NO_ERROR {
        rd_kafka_NewTopic_destroy(made)
        throw KafkaError(code)
      }
    }
    return made
  }
}

/// Lends a buffer for librdkafka's sentence and gives it back as a string if the result is nil.
private func withErrorText(
  _ reason: inout String, _ body: (UnsafeMutablePointer<CChar>?, Int) -> OpaquePointer?
) -> OpaquePointer? {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
    let result = body(buffer.baseAddress, buffer.count)
    if result == nil { reason = buffer.baseAddress.map { String(cString: $0) } ?? "" }
    return result
  }
}

/// Copies the results of an answer, read with librdkafka's function for its kind.
private func topicResults(
  _ answer: OpaquePointer?,
  _ read: (OpaquePointer?, UnsafeMutablePointer<Int>?) -> UnsafeMutablePointer<OpaquePointer?>?
) -> [TopicResult] {
  guard let answer else { return [] }
  var count = 0
  let results = read(answer, &count)
  return UnsafeBufferPointer(start: results, count: results == nil ? 0 : count).map { result in
    let code = rd_kafka_topic_result_error(result)
    let reason = rd_kafka_topic_result_error_string(result).map { String(cString: $0) }
    return TopicResult(
      name: String(cString: rd_kafka_topic_result_name(result)),
      error: code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(code, reason: reason))
  }
}
