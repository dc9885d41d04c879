internal import CRdkafka

/// A message that a `MessageBatch` lends: neither it nor the bytes it shows may outlive the call
/// it is lent to.
public struct Message: ~Copyable {
  /// What a message is: a record, or a signal among the records.
  public enum Kind: Sendable, Equatable {
    /// A record of the log.
    case record
    /// The partition has nothing more at present; `offset` is where its next record will be.
    /// Comes only with `enable.partition.eof=true`.
    case endOfPartition
    /// The partition, the topic or the consumer has a trouble of its own.
    case failure(KafkaError)
  }

  private let pointer: UnsafeMutablePointer<rd_kafka_message_t>
  private let topics: TopicNames

  init(pointer: UnsafeMutablePointer<rd_kafka_message_t>, topics: TopicNames) {
    self.pointer = pointer
    self.topics = topics
  }

  public var kind: Kind {
    switch pointer.pointee.err {
    case RD_KAFKA_RESP_ERR_NO_ERROR: .record
    case RD_KAFKA_RESP_ERR__PARTITION_EOF: .endOfPartition
    case let code: .failure(failure(code))
    }
  }

  /// The topic's name, the same shared `String` for each message; empty for a failure of no topic.
  public var topic: String { pointer.pointee.rkt.map { topics.name(of: $0) } ?? "" }

  /// The partition's number; negative for a failure of no partition.
  public var partition: Int32 { pointer.pointee.partition }

  /// The record's offset; for the end of a partition, that of its next record.
  public var offset: Int64 { pointer.pointee.offset }

  public var topicPartition: TopicPartition {
    TopicPartition(topic: topic, partition: partition)
  }

  /// Milliseconds since 1970, set by producer or broker as the topic has it; `nil` if not given.
  public var timestampMilliseconds: Int64? {
    var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
    let timestamp = rd_kafka_message_timestamp(pointer, &kind)
    return kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || timestamp < 0 ? nil : timestamp
  }

  /// The key's bytes: `nil` for a record without key, which is not the same as an empty key.
  public var key: UnsafeRawBufferPointer? {
    bytes(pointer.pointee.key, count: pointer.pointee.key_len)
  }

  /// The value's bytes: `nil` for a tombstone, which is not the same as an empty value.
  public var value: UnsafeRawBufferPointer? {
    bytes(pointer.pointee.payload, count: pointer.pointee.len)
  }

  private func bytes(_ start: UnsafeMutableRawPointer?, count: Int) -> UnsafeRawBufferPointer? {
    guard let start, pointer.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
    return UnsafeRawBufferPointer(start: start, count: count)
  }

  private func failure(_ code: rd_kafka_resp_err_t) -> KafkaError {
    KafkaError(code, reason: rd_kafka_message_errstr(pointer).map { String(cString: $0) })
  }
}

extension Message {
  /// Calls `body` with each header in order; a value may be `nil`, which is not an empty one, and
  /// a name may come more than once. Costs nothing when there are none.
  public func eachHeader<Failure: Error>(
    _ body: (_ name: String, _ value: UnsafeRawBufferPointer?) throws(Failure) -> Void
  ) throws(Failure) {
    var headers: OpaquePointer?
    guard rd_kafka_message_headers(pointer, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR, let headers
    else { return }
    for index in 0..<rd_kafka_header_cnt(headers) {
      var name: UnsafePointer<CChar>?
      var value: UnsafeRawPointer?
      var size = 0
      guard
        rd_kafka_header_get_all(headers, index, &name, &value, &size)
          == RD_KAFKA_RESP_ERR_NO_ERROR, let name
      else { return }
      try body(
        String(cString: name), value.map { UnsafeRawBufferPointer(start: $0, count: size) })
    }
  }
}
