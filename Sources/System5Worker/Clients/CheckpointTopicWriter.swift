import Kafka
import System5Wire

/// Writes checkpoints, record by record, each acknowledged before it counts, for the worker and for
/// the tools. Confined to one thread.
package final class CheckpointTopicWriter {
  private static let flushTimeout = 60_000
  /// How much may be on its way at a time.
  private static let window = 16

  private let producer: Producer

  package init(_ settings: CheckpointStoreSettings) throws(ConfigurationError) {
    producer = try Producer(configuration: settings.producer, events: settings.events)
  }

  /// Returns what was written; nil if it was told not to go on before that was whole, or the content
  /// was not: then there is no manifest, and what was sent counts for nothing.
  package func write(
    _ records: inout CheckpointRecords, to partition: TopicPartition,
    while goesOn: () -> Bool = { true }
  ) throws(KafkaError) -> CheckpointManifest? {
    var count = 0
    while let record = records.next() {
      if record.awaitsOthers || count % CheckpointTopicWriter.window == 0 { try flush() }
      // What is left to be taken away, the next write takes.
      if !goesOn() { return record.value == nil ? records.manifest : nil }
      try producer.produce(
        topic: partition.topic, partition: partition.partition, key: record.key,
        value: record.value)
      count += 1
    }
    try flush()
    return records.manifest
  }

  private func flush() throws(KafkaError) {
    try producer.flush(timeoutMilliseconds: CheckpointTopicWriter.flushTimeout)
    if let failure = producer.takeDeliveryFailure() { throw failure.first }
  }
}
