import Kafka

/// A record on its way to Kafka.
struct EmitRecord {
  var topic: String
  /// Where the sender wants it; nil: where its key puts it.
  var partition: Int32?
  var key: [UInt8]?
  var value: [UInt8]?
  var headers: [Header] = []
  /// Milliseconds since 1970; nil: now.
  var timestamp: Int64?
}
