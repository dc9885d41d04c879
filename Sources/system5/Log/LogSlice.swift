import Kafka

/// A stretch of one partition: what lies at or after `start` and before `end`.
struct LogSlice: Hashable {
  let partition: TopicPartition
  let start: Int64
  let end: Int64

  /// How many offsets it spans, which is at least as many as it has records.
  var count: Int { max(0, Int(clamping: end - start)) }
}
