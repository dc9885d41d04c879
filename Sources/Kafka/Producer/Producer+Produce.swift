internal import CRdkafka

extension Producer {
  /// Queues a message, whose bytes are copied. A `nil` key is no key and a `nil` value a
  /// tombstone; neither is the same as empty.
  ///
  /// When the queue is full, takes delivery reports in and tries again until the queue timeout,
  /// and then throws an error with `isQueueFull`. Without a timestamp the present time is used. A
  /// message with a `tag` other than 0 is told of in `takeDeliveryReports`.
  public func produce(
    topic: String, partition: Int32 = anyPartition, key: UnsafeRawBufferPointer?,
    value: UnsafeRawBufferPointer?, headers: [Header] = [], timestampMilliseconds: Int64? = nil,
    tag: UInt = 0
  ) throws(KafkaError) {
    var arguments = ProduceArguments(
      partition: partition, key: key, value: value, timestamp: timestampMilliseconds, tag: tag)
    var deadline: ContinuousClock.Instant?
    while let error = attempt(&arguments, topic: topic, headers: headers) {
      let failure = KafkaError(consuming: error)
      guard failure.isQueueFull else { throw failure }
      let now = ContinuousClock.now
      let end = deadline ?? now + queueTimeout
      deadline = end
      if now >= end { throw failure }
      // Returns as soon as a report makes room.
      serve(timeoutMilliseconds: 10)
    }
  }

  /// The same with bytes that may be absent.
  public func produce(
    topic: String, partition: Int32 = anyPartition, key: [UInt8]?, value: [UInt8]?,
    headers: [Header] = [], timestampMilliseconds: Int64? = nil, tag: UInt = 0
  ) throws(KafkaError) {
    try Producer.lend(key) { (key) throws(KafkaError) in
      try Producer.lend(value) { (value) throws(KafkaError) in
        try produce(
          topic: topic, partition: partition, key: key, value: value, headers: headers,
          timestampMilliseconds: timestampMilliseconds, tag: tag)
      }
    }
  }

  private static func lend(
    _ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) throws(KafkaError) -> Void
  ) throws(KafkaError) {
    guard let bytes else { return try body(nil) }
    // The standard library's call does not pass typed errors on.
    let outcome = bytes.withUnsafeBytes { buffer in
      Result { () throws(KafkaError) in try body(buffer) }
    }
    try outcome.get()
  }

  private func attempt(
    _ arguments: inout ProduceArguments, topic: String, headers: [Header]
  ) -> OpaquePointer? {
    topic.withCString { topic in
      arguments.withElements(topic: topic, headers: HeaderList.make(headers)) {
        rd_kafka_produceva(client.pointer, $0.baseAddress, $0.count)
      }
    }
  }
}

/// The arguments of one message as `rd_kafka_produceva` takes them.
private struct ProduceArguments {
  let partition: Int32
  let key: UnsafeRawBufferPointer?
  let value: UnsafeRawBufferPointer?
  let timestamp: Int64?
  let tag: UInt

  /// Lends the elements to `body`. `headers` is librdkafka's if `body` returns nil, and is freed
  /// here if it returns an error.
  func withElements(
    topic: UnsafePointer<CChar>, headers: OpaquePointer?,
    _ body: (UnsafeMutableBufferPointer<rd_kafka_vu_t>) -> OpaquePointer?
  ) -> OpaquePointer? {
    let error = withUnsafeTemporaryAllocation(of: rd_kafka_vu_t.self, capacity: 8) { buffer in
      var count = 0
      func add(_ type: rd_kafka_vtype_t, _ set: (inout rd_kafka_vu_t) -> Void) {
        var element = rd_kafka_vu_t()
        element.vtype = type
        set(&element)
        buffer.initializeElement(at: count, to: element)
        count += 1
      }
      add(RD_KAFKA_VTYPE_TOPIC) { $0.u.cstr = topic }
      add(RD_KAFKA_VTYPE_PARTITION) { $0.u.i32 = partition }
      add(RD_KAFKA_VTYPE_MSGFLAGS) { $0.u.i = RD_KAFKA_MSG_F_COPY }
      if let key { add(RD_KAFKA_VTYPE_KEY) { $0.setBytes(key) } }
      if let value { add(RD_KAFKA_VTYPE_VALUE) { $0.setBytes(value) } }
      if let timestamp { add(RD_KAFKA_VTYPE_TIMESTAMP) { $0.u.i64 = timestamp } }
      if let opaque = UnsafeMutableRawPointer(bitPattern: tag) {
        add(RD_KAFKA_VTYPE_OPAQUE) { $0.u.ptr = opaque }
      }
      if let headers { add(RD_KAFKA_VTYPE_HEADERS) { $0.u.headers = headers } }
      return body(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
    }
    if error != nil, let headers { rd_kafka_headers_destroy(headers) }
    return error
  }
}

extension rd_kafka_vu_t {
  /// Bytes that are present: an empty buffer may have no address, which would mean absent.
  fileprivate mutating func setBytes(_ bytes: UnsafeRawBufferPointer) {
    u.mem.ptr = UnsafeMutableRawPointer(mutating: bytes.baseAddress ?? EmptyBytes.address)
    u.mem.size = bytes.count
  }
}

private enum HeaderList {
  /// A new list owned by the caller, or `nil` for no headers.
  static func make(_ headers: [Header]) -> OpaquePointer? {
    if headers.isEmpty { return nil }
    let list = rd_kafka_headers_new(headers.count)
    for header in headers { add(header, to: list) }
    return list
  }

  /// Adding to a list of our own cannot be refused.
  private static func add(_ header: Header, to list: OpaquePointer?) {
    guard let value = header.value else {
      _ = rd_kafka_header_add(list, header.name, -1, nil, 0)
      return
    }
    value.withUnsafeBytes { bytes in
      _ = rd_kafka_header_add(
        list, header.name, -1, bytes.baseAddress ?? EmptyBytes.address, bytes.count)
    }
  }
}

/// An address for bytes that are present but none; never read from.
private enum EmptyBytes {
  static var address: UnsafeRawPointer { UnsafeRawPointer(rd_kafka_version_str()) }
}
