import System5Core
import System5Wire

/// What a result says, taken apart.
struct ResultContent {
  let type: String
  let time: String
  let data: JSONObject

  /// nil for a tombstone, a dead letter, and what is no result of ours.
  init?(_ value: [UInt8]?, parser: JSONParser) {
    guard let value, let event = (try? parser.value(of: value))?.object,
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
