import Kafka

extension MockCluster {
  func producer(
    _ more: ClientConfiguration = [:], queueTimeoutMilliseconds: Int = 10_000
  ) throws -> Producer {
    var configuration: ClientConfiguration = [
      "bootstrap.servers": bootstrapServers, "linger.ms": "0",
    ]
    configuration.merge(more)
    return try Producer(
      configuration: configuration, queueTimeoutMilliseconds: queueTimeoutMilliseconds)
  }

  /// A producer with initialised transactions.
  func transactionalProducer(
    id: String = "test", _ more: ClientConfiguration = [:]
  ) throws -> Producer {
    var configuration: ClientConfiguration = [
      "transactional.id": id, "transaction.timeout.ms": "5000",
    ]
    configuration.merge(more)
    let producer = try producer(configuration)
    try producer.initTransactions(timeoutMilliseconds: 10_000)
    return producer
  }

  func consumer(
    group: String = "group", _ more: ClientConfiguration = [:],
    events: ClientEvents = ClientEvents()
  ) throws -> Consumer {
    var configuration: ClientConfiguration = [
      "bootstrap.servers": bootstrapServers, "group.id": group, "session.timeout.ms": "3000",
      "heartbeat.interval.ms": "200", "enable.auto.commit": "false",
      "enable.auto.offset.store": "false", "auto.offset.reset": "earliest",
      "enable.partition.eof": "true", "fetch.wait.max.ms": "50",
    ]
    configuration.merge(more)
    return try Consumer(configuration: configuration, events: events)
  }

  /// A consumer that reads these partitions without a group.
  func reader(
    _ offsets: [PartitionOffset], _ more: ClientConfiguration = [:]
  ) throws -> Consumer {
    let consumer = try consumer(group: "reader", more)
    try consumer.assign(offsets)
    return consumer
  }

  func admin() throws -> Admin {
    try Admin(configuration: ["bootstrap.servers": bootstrapServers])
  }

  /// Writes values to a partition and waits until they are there.
  func write(_ values: [String], to topic: String, partition: Int32 = 0) throws {
    let producer = try producer()
    for value in values { try producer.send(value, to: topic, partition: partition) }
    try producer.flush(timeoutMilliseconds: 10_000)
  }
}

extension Producer {
  /// Queues a message of text.
  func send(_ value: String, to topic: String, partition: Int32 = 0) throws(KafkaError) {
    let bytes = Array(value.utf8)
    try produce(topic: topic, partition: partition, key: nil, value: bytes)
  }

  /// Queues a message of arrays.
  func produce(
    topic: String, partition: Int32 = 0, key: [UInt8]?, value: [UInt8]?, headers: [Header] = [],
    timestampMilliseconds: Int64? = nil
  ) throws(KafkaError) {
    try withBytes(key) { key throws(KafkaError) in
      try withBytes(value) { value throws(KafkaError) in
        try produce(
          topic: topic, partition: partition, key: key, value: value, headers: headers,
          timestampMilliseconds: timestampMilliseconds)
      }
    }
  }
}

private func withBytes(
  _ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) throws(KafkaError) -> Void
) throws(KafkaError) {
  guard let bytes else { return try body(nil) }
  let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
  defer { copy.deallocate() }
  copy.copyBytes(from: bytes)
  try body(UnsafeRawBufferPointer(copy))
}
