internal import CRdkafka

/// Asks and changes what topics there are. Every call waits for its answer; any one thread at a
/// time may make it.
///
/// A client that is neither consuming nor producing: a question never makes a broker create a
/// topic, unless the configuration says `allow.auto.create.topics`.
public final class Admin {
  let client: ClientHandle

  /// Makes a client and its threads; connects in the background. Errors that nobody waits for come
  /// within later calls.
  public init(
    configuration: ClientConfiguration, events: ClientEvents = ClientEvents()
  ) throws(ConfigurationError) {
    client = try ClientHandle(
      kind: RD_KAFKA_CONSUMER, configuration: configuration, callbacks: Callbacks(events: events))
    client.destroyFlags = RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE
  }

  /// Sends a request and waits for its event, which `read` may use until it returns. There is no
  /// waiting without end here: a timeout below one millisecond is one.
  func request<Answer>(
    _ operation: rd_kafka_admin_op_t, timeoutMilliseconds: Int,
    send: (_ options: OpaquePointer?, _ queue: OpaquePointer?) -> Void,
    read: (_ event: OpaquePointer) -> Answer
  ) throws(KafkaError) -> Answer {
    // librdkafka accepts up to an hour.
    let timeout = min(max(1, Int32(clamping: timeoutMilliseconds)), 3_600_000)
    let options = rd_kafka_AdminOptions_new(client.pointer, operation)
    defer { rd_kafka_AdminOptions_destroy(options) }
    try set(timeout, of: operation, in: options)

    let queue = rd_kafka_queue_new(client.pointer)
    defer { rd_kafka_queue_destroy(queue) }
    send(options, queue)
    // The request has a time limit of its own; the wait is only a little more patient.
    let event = rd_kafka_queue_poll(queue, timeout + 1_000)
    rd_kafka_poll(client.pointer, 0)
    guard let event else { throw KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT) }
    defer { rd_kafka_event_destroy(event) }
    let code = rd_kafka_event_error(event)
    if code != RD_KAFKA_RESP_ERR_NO_ERROR {
      throw KafkaError(code, reason: String(cString: rd_kafka_event_error_string(event)))
    }
    return read(event)
  }

  /// The time limit of the request, and that of the brokers' work where it has one.
  private func set(
    _ timeout: Int32, of operation: rd_kafka_admin_op_t, in options: OpaquePointer?
  ) throws(KafkaError) {
    // Answers are told by the code; the sentences say no more.
    try KafkaError.check(rd_kafka_AdminOptions_set_request_timeout(options, timeout, nil, 0))
    let changesTopics = [
      RD_KAFKA_ADMIN_OP_CREATETOPICS, RD_KAFKA_ADMIN_OP_DELETETOPICS,
      RD_KAFKA_ADMIN_OP_CREATEPARTITIONS,
    ]
    if changesTopics.contains(operation) {
      try KafkaError.check(rd_kafka_AdminOptions_set_operation_timeout(options, timeout, nil, 0))
    }
  }
}

/// What became of one topic in a request about several.
public struct TopicResult: Sendable, Equatable {
  public let name: String
  /// Why it failed; `nil` if it did not.
  public let error: KafkaError?

  public init(name: String, error: KafkaError?) {
    self.name = name
    self.error = error
  }
}
