import Kafka
import System5Core

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

/// A structured CloudEvent as the value of a record.
struct EmitEvent {
  var id: String
  var source: String
  var type: String
  /// RFC 3339.
  var time: String
  /// A JSON object, as written.
  var data: String

  var value: [UInt8] {
    var text = "{\"specversion\":\"1.0\""
    for (name, value) in [("id", id), ("source", source), ("type", type), ("time", time)] {
      text += ",\"\(name)\":" + JSONValue.string(Text(value)).canonicalText
    }
    return Array("\(text),\"data\":\(data)}".utf8)
  }

  /// The input topic for events of this type, without the prefix.
  static func topic(forType type: String) -> String? {
    let kinds: [(String, InputTopic)] = [
      ("system5.policy.", .policy), ("system5.variety.", .variety),
      ("system5.adaptation.", .adaptation), ("system5.pattern.", .adaptation),
      ("system5.patterns.", .adaptation), ("system5.knowledge.", .adaptation),
    ]
    return kinds.first { type.hasPrefix($0.0) }?.1.suffix
  }
}
