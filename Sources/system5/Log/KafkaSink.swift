import Kafka

/// Writes records to Kafka, each once and in order, and knows when all of them are there.
final class KafkaSink {
  private let producer: Producer
  private let admin: Admin
  private let troubles = ClientTroubles()
  private let keepsPartitions: Bool
  private let transactions: SinkTransactions?
  private var partitionCounts: [String: Int32] = [:]
  private(set) var count = 0

  /// How to write in transactions.
  struct Transactions {
    /// A producer with the id of another one takes its place.
    let id: String
    let size: Int
  }

  /// - Parameters:
  ///   - keepsPartitions: whether a record goes where it says, if it says so.
  ///   - transactions: nil: each record counts at once.
  init(
    _ settings: Settings, keepsPartitions: Bool, transactions: Transactions? = nil
  ) throws {
    self.keepsPartitions = keepsPartitions
    var configuration = try settings.clientConfiguration()
    // As the topics' definitions have it: inputs take less than results.
    configuration["message.max.bytes"] =
      configuration["message.max.bytes"] ?? (transactions == nil ? "2097152" : "16777216")
    configuration["enable.idempotence"] = "true"
    configuration["partitioner"] = "murmur2_random"
    if let transactions {
      let timeout = settings.string("transaction.timeout.ms")
      configuration["transactional.id"] = transactions.id
      configuration["transaction.timeout.ms"] = timeout
      // librdkafka wants no message to live longer than its transaction.
      configuration["message.timeout.ms"] = timeout
    }
    admin = try Admin(configuration: settings.clientConfiguration(), events: troubles.events)
    let producer = try Producer(
      configuration: configuration, events: troubles.events, queueTimeoutMilliseconds: 60_000)
    self.producer = producer
    self.transactions = try transactions.map { [troubles] in
      try SinkTransactions(of: producer, size: $0.size, troubles: troubles)
    }
  }

  func write(_ record: EmitRecord) throws {
    let partition = try partition(of: record)
    if let transactions {
      try transactions.write { try send(record, to: partition) }
    } else {
      try send(record, to: partition)
    }
  }

  private func send(_ record: EmitRecord, to partition: Int32) throws {
    try troubles.explaining("writing to \(record.topic)") { () throws(KafkaError) in
      try producer.produce(
        topic: record.topic, partition: partition, key: record.key, value: record.value,
        headers: record.headers, timestampMilliseconds: record.timestamp)
    }
    count += 1
    if count & 255 == 0 {
      producer.serve()
      try checkDeliveries()
    }
  }

  /// Waits until the brokers have acknowledged every record.
  func finish() throws {
    if let transactions { return try transactions.commit() }
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

  func partitionCount(of topic: String) throws -> Int32 {
    if let count = partitionCounts[topic] { return count }
    partitionCounts.merge(try admin.partitionCounts(of: [topic], troubles: troubles)) { $1 }
    return partitionCounts[topic] ?? 1
  }
}
