import Kafka

/// Writes records to Kafka, each once and in order, and knows when all of them are there.
final class KafkaSink {
  private let producer: Producer
  private let admin: Admin
  private let troubles = ClientTroubles()
  private let keepsPartitions: Bool
  private var partitionCounts: [String: Int32] = [:]
  private(set) var count = 0

  /// - Parameter keepsPartitions: whether a record goes where it says, if it says so.
  init(_ settings: Settings, keepsPartitions: Bool) throws {
    self.keepsPartitions = keepsPartitions
    var configuration = try settings.clientConfiguration()
    // As the topics' definitions have it; what is too large for a worker is its dead letter.
    configuration["message.max.bytes"] = configuration["message.max.bytes"] ?? "2097152"
    configuration["enable.idempotence"] = "true"
    configuration["partitioner"] = "murmur2_random"
    admin = try Admin(configuration: settings.clientConfiguration(), events: troubles.events)
    producer = try Producer(
      configuration: configuration, events: troubles.events, queueTimeoutMilliseconds: 60_000)
  }

  func write(_ record: EmitRecord) throws {
    let partition = try partition(of: record)
    try troubles.explaining("writing to \(record.topic)") { () throws(KafkaError) in
      try withBytes(record.key) { key throws(KafkaError) in
        try withBytes(record.value) { value throws(KafkaError) in
          try producer.produce(
            topic: record.topic, partition: partition, key: key, value: value,
            headers: record.headers, timestampMilliseconds: record.timestamp)
        }
      }
    }
    count += 1
    if count & 255 == 0 {
      producer.serve()
      try checkDeliveries()
    }
  }

  /// Waits until the brokers have acknowledged every record.
  func finish() throws {
    try troubles.explaining("waiting for acknowledgements") { () throws(KafkaError) in
      try producer.flush(timeoutMilliseconds: 120_000)
    }
    try checkDeliveries()
  }

  private func checkDeliveries() throws {
    guard let failure = producer.takeDeliveryFailure() else { return }
    throw troubles.explain(failure.first, "\(failure.count) records were not delivered")
  }

  private func partition(of record: EmitRecord) throws -> Int32 {
    let count = try partitionCount(of: record.topic)
    if keepsPartitions, let partition = record.partition {
      guard (0..<count).contains(partition) else {
        throw CommandFailure(
          .badData, "\(record.topic) has no partition \(partition), only \(count)")
      }
      return partition
    }
    guard let key = record.key else { return Producer.anyPartition }
    return key.withUnsafeBytes { Murmur2.partition($0, count: count) }
  }

  private func partitionCount(of topic: String) throws -> Int32 {
    if let count = partitionCounts[topic] { return count }
    partitionCounts.merge(try admin.partitionCounts(of: [topic], troubles: troubles)) { $1 }
    return partitionCounts[topic] ?? 1
  }
}

/// Lends bytes that may be absent.
private func withBytes(
  _ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) throws(KafkaError) -> Void
) throws(KafkaError) {
  guard let bytes else { return try body(nil) }
  let result = bytes.withUnsafeBytes { buffer in
    Result { () throws(KafkaError) in try body(buffer) }
  }
  try result.get()
}
