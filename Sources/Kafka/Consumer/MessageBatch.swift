internal import CRdkafka

/// Messages of one poll, which it owns: they are freed with it, and not before.
///
/// Confined to the consumer's thread, like the consumer. Let go of a batch before the next poll,
/// so that its buffer can be used again; a batch that is kept costs the next poll a new buffer.
public struct MessageBatch: ~Copyable {
  private let buffer: BatchBuffer
  /// How many messages there are, records and signals together.
  public let count: Int

  init(buffer: BatchBuffer, count: Int) {
    self.buffer = buffer
    self.count = count
  }

  deinit {
    for index in 0..<count { rd_kafka_message_destroy(buffer.messages[index]) }
  }

  public var isEmpty: Bool { count == 0 }

  /// Lends the message at `index`, in the order of arrival: within a partition that of the log.
  public func withMessage<Result, Failure: Error>(
    at index: Int, _ body: (borrowing Message) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(index >= 0 && index < count, "no message at this index")
    guard let pointer = buffer.messages[index] else {
      preconditionFailure("librdkafka counted a message it did not give")
    }
    return try body(Message(pointer: pointer, topics: buffer.topics))
  }

  /// Lends each message, in the order of arrival.
  public func eachMessage<Failure: Error>(
    _ body: (borrowing Message) throws(Failure) -> Void
  ) throws(Failure) {
    for index in 0..<count { try withMessage(at: index, body) }
  }
}

/// The pointers that a poll fills in, allocated once and used again when no batch holds them.
final class BatchBuffer {
  let messages: UnsafeMutablePointer<UnsafeMutablePointer<rd_kafka_message_t>?>
  let capacity: Int
  let topics: TopicNames
  /// Messages must be freed before their client: whoever holds the buffer holds the client.
  private let client: ClientHandle

  init(capacity: Int, topics: TopicNames, client: ClientHandle) {
    self.messages = .allocate(capacity: capacity)
    self.messages.initialize(repeating: nil, count: capacity)
    self.capacity = capacity
    self.topics = topics
    self.client = client
  }

  deinit { messages.deallocate() }
}
