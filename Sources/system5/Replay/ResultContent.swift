import System5Core
import System5Wire

/// What a result says, taken apart.
struct ResultContent {
  let type: String
  let time: String
  let data: JSONObject

  /// nil for a tombstone, a dead letter, and what is no result of ours.
  init?(_ value: [UInt8]?, parser: JSONParser) {
    guard let value, let event = parser.object(value),
      let type = event["type"]?.text, let time = event["time"]?.text,
      let data = event["data"]?.object
    else { return nil }
    self.type = type
    self.time = time
    self.data = data
  }
}

extension [RawHeader] {
  /// The last value of that name as text.
  func text(_ name: String) -> String? {
    last { $0.name == name }?.value.map { String(decoding: $0, as: UTF8.self) }
  }
}

extension JSONParser {
  /// nil for what is no object. A result may nest deeper than the event it follows from.
  func object(_ value: [UInt8]) -> JSONObject? {
    (try? self.value(of: value, depth: JSONParser.lineDepth))?.object
  }
}
