internal import CRdkafka

/// The properties of one topic.
public struct TopicConfiguration: Sendable, Equatable {
  public let name: String
  /// Every property that has a value, defaults included.
  public let values: [String: String]
  /// The properties that are set for this topic itself.
  public let overrides: [String: String]
  /// Why nothing is known of the topic; `nil` if it is.
  public let error: KafkaError?

  public init(
    name: String, values: [String: String], overrides: [String: String], error: KafkaError?
  ) {
    self.name = name
    self.values = values
    self.overrides = overrides
    self.error = error
  }
}

extension Admin {
  /// Describes the properties of topics, with one result for each.
  public func describeTopicConfigs(
    _ names: [String], timeoutMilliseconds: Int
  ) throws(KafkaError) -> [TopicConfiguration] {
    if names.isEmpty { return [] }
    var asked = names.map { rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, $0) }
    defer { for resource in asked { rd_kafka_ConfigResource_destroy(resource) } }
    return try request(
      RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, timeoutMilliseconds: timeoutMilliseconds
    ) { options, queue in
      rd_kafka_DescribeConfigs(client.pointer, &asked, asked.count, options, queue)
    } read: { event in
      resources(of: rd_kafka_event_DescribeConfigs_result(event)) {
        rd_kafka_DescribeConfigs_result_resources($0, $1)
      }.map { TopicConfiguration(reading: $0) }
    }
  }

  /// Sets properties of a topic and keeps its others.
  ///
  /// The request of librdkafka 2.0.2 replaces everything that is set for the topic, so this reads
  /// what is set first: a change that someone else makes in between is lost. The timeout is for
  /// each of the two requests.
  public func alterTopicConfigs(
    of topic: String, setting changes: [String: String], timeoutMilliseconds: Int
  ) throws(KafkaError) {
    let described = try describeTopicConfigs([topic], timeoutMilliseconds: timeoutMilliseconds)
    guard let present = described.first else { throw KafkaError(RD_KAFKA_RESP_ERR__FAIL) }
    if let error = present.error { throw error }
    try replaceTopicConfigs(
      of: topic, with: present.overrides.merging(changes) { _, new in new },
      timeoutMilliseconds: timeoutMilliseconds)
  }

  private func replaceTopicConfigs(
    of topic: String, with values: [String: String], timeoutMilliseconds: Int
  ) throws(KafkaError) {
    var resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic)
    defer { rd_kafka_ConfigResource_destroy(resource) }
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      try KafkaError.check(rd_kafka_ConfigResource_set_config(resource, name, value))
    }
    let answers = try request(
      RD_KAFKA_ADMIN_OP_ALTERCONFIGS, timeoutMilliseconds: timeoutMilliseconds
    ) { options, queue in
      rd_kafka_AlterConfigs(client.pointer, &resource, 1, options, queue)
    } read: { event in
      resources(of: rd_kafka_event_AlterConfigs_result(event)) {
        rd_kafka_AlterConfigs_result_resources($0, $1)
      }.compactMap(resourceError)
    }
    if let error = answers.first { throw error }
  }
}

extension TopicConfiguration {
  /// Copies what an event lends.
  fileprivate init(reading resource: OpaquePointer) {
    var values: [String: String] = [:]
    var overrides: [String: String] = [:]
    var count = 0
    let entries = rd_kafka_ConfigResource_configs(resource, &count)
    for entry in UnsafeBufferPointer(start: entries, count: entries == nil ? 0 : count) {
      guard let value = rd_kafka_ConfigEntry_value(entry) else { continue }
      let name = String(cString: rd_kafka_ConfigEntry_name(entry))
      values[name] = String(cString: value)
      if rd_kafka_ConfigEntry_source(entry) == RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG {
        overrides[name] = String(cString: value)
      }
    }
    self.init(
      name: String(cString: rd_kafka_ConfigResource_name(resource)), values: values,
      overrides: overrides, error: resourceError(resource))
  }
}

/// The resources of an answer, lent with it, read with librdkafka's function for its kind.
private func resources(
  of answer: OpaquePointer?,
  _ read: (OpaquePointer, UnsafeMutablePointer<Int>) -> UnsafeMutablePointer<OpaquePointer?>?
) -> [OpaquePointer] {
  guard let answer else { return [] }
  var count = 0
  let found = read(answer, &count)
  return UnsafeBufferPointer(start: found, count: found == nil ? 0 : count).compactMap { $0 }
}

private func resourceError(_ resource: OpaquePointer) -> KafkaError? {
  let code = rd_kafka_ConfigResource_error(resource)
  if code == RD_KAFKA_RESP_ERR_NO_ERROR { return nil }
  let reason = rd_kafka_ConfigResource_error_string(resource).map { String(cString: $0) }
  return KafkaError(code, reason: reason)
}
