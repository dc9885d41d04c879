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

  /// Returns what was written; nil if it was told not to go on, or the content was not whole: then
  /// the place has no manifest, and counts for nothing.
  package func write(
    _ records: inout CheckpointRecords, to partition: TopicPartition,
    while goesOn: () -> Bool = { true }
  ) throws(KafkaError) -> CheckpointManifest? {
    var count = 0
    var isWhole = false
    while let record = records.next() {
      // The manifest must not arrive where a chunk has failed.
      if record.isManifest || count % CheckpointTopicWriter.window == 0 { try flush() }
      if !goesOn() { return nil }
      try producer.produce(
        topic: partition.topic, partition: partition.partition, key: record.key,
        value: record.value)
      isWhole = record.isManifest
      count += 1
    }
    try flush()
    return isWhole ? records.manifest : nil
  }

  private func flush() throws(KafkaError) {
    try producer.flush(timeoutMilliseconds: CheckpointTopicWriter.flushTimeout)
    if let failure = producer.takeDeliveryFailure() { throw failure.first }
  }
}
