import Kafka

/// Reads checkpoint partitions from the first record to the last, for the worker and for the
/// tools. Confined to one thread.
package final class CheckpointTopicReader {
  private static let batchSize = 64

  private let consumer: Consumer

  package init(_ settings: CheckpointStoreSettings) throws(ConfigurationError) {
    consumer = try Consumer(configuration: settings.consumer, events: settings.events)
  }

  /// Returns once every partition has been read to its end, or as soon as it is told not to go on.
  ///
  /// - Parameters:
  ///   - goesOn: asked after each poll, with how many messages that has brought.
  ///   - record: is lent each record, in order within each partition.
  ///   - ended: is told once of each partition that has nothing more.
  package func read(
    _ partitions: [TopicPartition], while goesOn: (_ heard: Int) throws -> Bool,
    record: (borrowing Message) throws -> Void, ended: (TopicPartition) throws -> Void
  ) throws {
    var open = Set(partitions)
    try consumer.assign(partitions.sorted().map { PartitionOffset($0, LogicalOffset.beginning) })
    while !open.isEmpty {
      let batch = try consumer.poll(
        maxRecords: CheckpointTopicReader.batchSize, timeoutMilliseconds: 100)
      try batch.eachMessage { message in
        switch message.kind {
        case .record: if open.contains(message.topicPartition) { try record(message) }
        case .endOfPartition:
          if open.remove(message.topicPartition) != nil { try ended(message.topicPartition) }
        case .failure(let error):
          // Connections come back by themselves.
          if !error.isTransport, !error.isTimeout { throw error }
        }
      }
      if try !goesOn(batch.count) { break }
    }
    try consumer.assign([])
  }

  package func close() throws(KafkaError) { try consumer.close() }
}
