import System5Core
import System5Wire

/// An event as it came: envelope checked, data not.
struct ReferenceEvent {
  var system: ReferenceWord
  var source: ReferenceWord
  var id: ReferenceWord
  var type: String
  var time: ReferenceTime
  var data: ReferenceData

  /// Contract, sections 1, 2 and 5: the first thing that is wrong names the code.
  init(_ line: RecordLine, rules: Rules) throws(ReferenceRefusal) {
    system = try ReferenceEvent.system(line.key)
    let root = try ReferenceEvent.parse(line.value)
    let attributes = try ReferenceEvent.attributes(root, line.headers)
    guard attributes["specversion"] == "1.0" else { throw .notCloudEvent }
    id = try ReferenceEvent.name("id", attributes)
    source = try ReferenceEvent.name("source", attributes)
    type = try ReferenceEvent.name("type", attributes).string
    time = try ReferenceEvent.time(attributes, line.timestampMilliseconds)
    guard let data = attributes["data"] else { throw .notCloudEvent }
    guard ReferenceEvent.types[line.topicSuffix]?.contains(type) == true else {
      throw ReferenceRefusal("unsupported-type")
    }
    guard data.members != nil else { throw .invalidData }
    self.data = ReferenceData(value: data, rules: rules)
  }

  private static let types: [String: Set<String>] = [
    "policy.events": [
      "system5.policy.stored", "system5.policy.updated", "system5.policy.rolled-back",
      "system5.policy.deleted", "system5.policy.restored",
      "system5.policy.effectiveness-recorded",
    ],
    "adaptation.events": [
      "system5.adaptation.stored", "system5.adaptation.outcome-recorded",
      "system5.pattern.learned", "system5.patterns.extraction-requested",
      "system5.knowledge.transfer-requested",
    ],
    "variety.events": [
      "system5.variety.measured", "system5.variety.amplified", "system5.variety.attenuated",
      "system5.variety.threshold-set", "system5.variety.threshold-cleared",
    ],
  ]

  private static func system(_ key: [UInt8]?) throws(ReferenceRefusal) -> ReferenceWord {
    guard let key, !key.isEmpty else { throw ReferenceRefusal("missing-key") }
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-".utf8
    guard key.count <= 128, key.allSatisfy(letters.contains) else {
      throw ReferenceRefusal("bad-key")
    }
    return ReferenceWord(key)
  }

  private static func parse(_ value: [UInt8]?) throws(ReferenceRefusal) -> ReferenceValue {
    guard let value, !value.isEmpty else { throw ReferenceRefusal("empty-value") }
    guard value.count <= 1_048_576 else { throw ReferenceRefusal("too-large") }
    do throws(ReferenceParser.Failure) {
      return try ReferenceParser.value(of: value)
    } catch {
      throw ReferenceRefusal(error == .invalid ? "not-json" : "too-deep")
    }
  }

  private static func name(
    _ name: ReferenceWord, _ attributes: ReferenceValue
  ) throws(ReferenceRefusal) -> ReferenceWord {
    guard let word = attributes[name]?.word, word.isID else { throw .notCloudEvent }
    return word
  }

  private static func time(
    _ attributes: ReferenceValue, _ milliseconds: Int64?
  ) throws(ReferenceRefusal) -> ReferenceTime {
    if let time = attributes["time"] {
      guard let word = time.word, let time = ReferenceTime(word) else { throw .notCloudEvent }
      return time
    }
    guard let milliseconds else { throw .notCloudEvent }
    return ReferenceTime(micros: milliseconds * 1000)
  }
}

extension ReferenceEvent {
  /// The attributes with `data` among them, from wherever the record has them.
  private static func attributes(
    _ root: ReferenceValue, _ headers: [RawHeader]
  ) throws(ReferenceRefusal) -> ReferenceValue {
    let type = text(of: "content-type", in: headers)?.string.lowercased()
    if let type, type.hasPrefix("application/cloudevents+json") { return try structured(root) }
    if type == nil, root["specversion"] != nil { return root }
    guard text(of: "ce_specversion", in: headers) != nil else {
      throw .notCloudEvent
    }
    if let type, !isJSON(type) { throw .notCloudEvent }
    var attributes: [ReferenceWord: ReferenceValue] = ["data": root]
    for name in ["specversion", "id", "source", "type", "time"] {
      attributes[ReferenceWord(name)] = text(of: "ce_\(name)", in: headers).map { .text($0) }
    }
    return .object(attributes)
  }

  private static func structured(
    _ root: ReferenceValue
  ) throws(ReferenceRefusal) -> ReferenceValue {
    guard root.members != nil else { throw .notCloudEvent }
    return root
  }

  private static func isJSON(_ type: String) -> Bool {
    let media = String(type.prefix { $0 != ";" && $0 != " " })
    return ["application/json", "text/json"].contains(media) || media.hasSuffix("+json")
  }

  private static func text(of name: String, in headers: [RawHeader]) -> ReferenceWord? {
    headers.last { $0.name.lowercased() == name }?.value.map(ReferenceWord.init)
  }
}

extension RecordLine {
  /// The topic without the deployment's prefix.
  var topicSuffix: String { topic.split(separator: ".").suffix(2).joined(separator: ".") }
}

extension ReferenceWord {
  /// 1 to 256 bytes of UTF-8 without control characters.
  var isID: Bool {
    guard (1...256).contains(bytes.count), let text = String(validating: bytes, as: UTF8.self)
    else { return false }
    return text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
  }
}
