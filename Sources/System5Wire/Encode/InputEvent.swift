import System5Core

/// An input event as the value of a record: a structured CloudEvent.
public struct InputEvent: Hashable, Sendable {
  public var id: String
  public var source: String
  public var type: String
  /// RFC 3339.
  public var time: String
  /// A JSON object, as written.
  public var data: String

  public init(id: String, source: String, type: String, time: String, data: String) {
    self.id = id
    self.source = source
    self.type = type
    self.time = time
    self.data = data
  }

  public var value: [UInt8] {
    var text = "{\"specversion\":\"1.0\""
    for (name, value) in [("id", id), ("source", source), ("type", type), ("time", time)] {
      text += ",\"\(name)\":" + JSONValue.string(Text(value)).canonicalText
    }
    return Array("\(text),\"data\":\(data)}".utf8)
  }

  /// The input topic for events of this type, without the prefix.
  public static func topic(forType type: String) -> String? {
    let kinds: [(String, InputTopic)] = [
      ("system5.policy.", .policy), ("system5.variety.", .variety),
      ("system5.adaptation.", .adaptation), ("system5.pattern.", .adaptation),
      ("system5.patterns.", .adaptation), ("system5.knowledge.", .adaptation),
    ]
    return kinds.first { type.hasPrefix($0.0) }?.1.suffix
  }
}
