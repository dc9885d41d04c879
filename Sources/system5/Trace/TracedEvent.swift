import System5Core
import System5Wire

/// An event as its sender wrote it, also one that was refused: read without judging it.
struct TracedEvent {
  let id: String
  let source: String
  let type: String
  /// nil where it has none: the record's timestamp stands in for it.
  let time: String?
  let data: JSONObject

  /// In both of CloudEvents' modes; nil for what is no event.
  init?(_ line: RecordLine, parser: JSONParser) {
    guard let value = line.value, let body = parser.object(value)
    else { return nil }
    // As when the event is applied: attributes in the headers unless the value has them.
    let isBinary = line.headers.contains { $0.name.lowercased() == "ce_specversion" }
    func attribute(_ name: String) -> String? {
      isBinary
        ? line.headers.last { $0.name.lowercased() == "ce_" + name }?.value
          .map { String(decoding: $0, as: UTF8.self) }
        : body[Text(name)]?.text
    }
    guard let type = attribute("type"), let data = isBinary ? body : body["data"]?.object
    else { return nil }
    id = attribute("id") ?? ""
    source = attribute("source") ?? ""
    self.type = type
    time = attribute("time")
    self.data = data
  }

  func names(_ member: Text, _ id: Text) -> Bool { data[member]?.text == id.string }
}
