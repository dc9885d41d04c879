import Foundation
import Kafka

/// Reads committed results from all partitions of some topics, without a group.
final class ResultReader {
  private let consumer: Consumer
  private let troubles = ClientTroubles()
  /// The partitions whose end was not seen yet.
  private var behind: Set<TopicPartition>

  init(_ settings: Settings, topics: [String], fromBeginning: Bool) throws {
    let admin = try Admin(
      configuration: settings.clientConfiguration(), events: troubles.events)
    let counts = try admin.partitionCounts(of: topics, troubles: troubles)
    var configuration = try settings.clientConfiguration()
    // librdkafka keeps assignments in a group object, which never joins.
    configuration["group.id"] = "system5-watch"
    configuration["enable.auto.commit"] = "false"
    configuration["enable.auto.offset.store"] = "false"
    configuration["isolation.level"] = "read_committed"
    configuration["auto.offset.reset"] = "earliest"
    configuration["enable.partition.eof"] = "true"
    consumer = try Consumer(configuration: configuration, events: troubles.events)
    let start = fromBeginning ? LogicalOffset.beginning : LogicalOffset.end
    let partitions = topics.flatMap { topic in
      (0..<(counts[topic] ?? 0)).map { TopicPartition(topic: topic, partition: $0) }
    }
    behind = Set(partitions)
    try consumer.assign(partitions.map { PartitionOffset($0, start) })
  }

  /// Whether every partition has been read to its end at least once.
  var hasCaughtUp: Bool { behind.isEmpty }

  /// Hands over what has come within a moment; answers how many results that were.
  func poll(_ body: (WatchedResult) throws -> Void) throws -> Int {
    let batch = try consumer.poll(maxRecords: 1_000, timeoutMilliseconds: 100)
    if let refused = troubles.refused { throw CommandFailure(refused) }
    var count = 0
    try batch.eachMessage { message in
      switch message.kind {
      case .record:
        try body(WatchedResult(message))
        count += 1
      case .endOfPartition: behind.remove(message.topicPartition)
      case .failure(let error) where error.isTransport || error.isTimeout: break
      case .failure(let error): throw error
      }
    }
    return count
  }

  func close() throws { try consumer.close() }
}

/// A result as it was read, copied out of its batch.
struct WatchedResult {
  let topic: String
  let partition: Int32
  let offset: Int64
  let timestamp: Int64?
  let key: [UInt8]?
  let value: [UInt8]?
  let headers: [Header]

  init(_ message: borrowing Message) {
    topic = message.topic
    partition = message.partition
    offset = message.offset
    timestamp = message.timestampMilliseconds
    key = message.key.map { Array($0) }
    value = message.value.map { Array($0) }
    var headers: [Header] = []
    message.eachHeader { name, value in headers.append(Header(name, value.map { Array($0) })) }
    self.headers = headers
  }
}
