import System5Core

/// The attributes of a CloudEvent, in either mode, before its data is read.
struct Envelope {
  var id: Text
  var source: Text
  var type: String
  /// nil: the record's timestamp counts.
  var time: Timestamp?
  var data: JSONNode

  static func invalid(_ message: String) -> Rejection { Rejection(.notCloudEvent, message) }
}

/// How a record carries its CloudEvent.
enum ContentMode {
  case structured, binary

  /// Structured by its content type; without one, by `specversion` in the value, whatever the
  /// headers say, or by the lack of any attribute in them.
  init(_ headers: [RawHeader], value root: JSONNode) {
    if headers.isEmpty {
      self = .structured
    } else if let type = headers.last(named: "content-type") {
      self = type.hasPrefix("application/cloudevents+json") ? .structured : .binary
    } else if root.kind == .object, root.member("specversion") != nil {
      self = .structured
    } else {
      self = headers.last(named: "ce_specversion") == nil ? .structured : .binary
    }
  }
}

extension [RawHeader] {
  /// The value of the last header of that name, in lower case where it is ASCII; names are compared
  /// without regard to case. nil also for a value that is null.
  func last(named name: String) -> String? {
    value(named: name).map { String(decoding: $0, as: UTF8.self).lowercased() }
  }

  func value(named name: String) -> [UInt8]? {
    last { $0.name == name || $0.name.lowercased() == name }?.value
  }
}

extension Envelope {
  /// - Parameter root: the record's value.
  init(structured root: JSONNode) throws(Rejection) {
    guard root.kind == .object else {
      throw Envelope.invalid("The value is not a JSON object; expected a CloudEvent.")
    }
    let attributes = AttributeReader { root.attribute($0) }
    self = try attributes.envelope(data: root.member("data"))
  }

  init(binary data: JSONNode, headers: [RawHeader]) throws(Rejection) {
    if let type = headers.last(named: "content-type"), !Envelope.isJSON(type) {
      throw Envelope.invalid("The header `content-type` is not application/json.")
    }
    let attributes = AttributeReader { name in
      headers.value(named: "ce_\(name)").map(AttributeReader.Attribute.text) ?? .missing
    }
    self = try attributes.envelope(data: data)
  }

  private static func isJSON(_ type: String) -> Bool {
    let media = type.prefix { $0 != ";" && $0 != " " }
    return media == "application/json" || media == "text/json" || media.hasSuffix("+json")
  }
}

extension JSONNode {
  fileprivate func attribute(_ name: StaticString) -> AttributeReader.Attribute {
    guard let node = member(name), node.kind != .null else { return .missing }
    return node.kind == .string ? .text(Array(node.text)) : .notText
  }
}

/// Reads attributes from wherever a mode keeps them.
private struct AttributeReader {
  enum Attribute {
    case missing, notText
    case text([UInt8])
  }

  let attribute: (StaticString) -> Attribute

  func envelope(data: JSONNode?) throws(Rejection) -> Envelope {
    guard try required("specversion") == Array("1.0".utf8) else {
      throw Envelope.invalid("The attribute `specversion` is not \"1.0\".")
    }
    let id = try identifier("id")
    let source = try identifier("source")
    let type = try identifier("type")
    let time = try time()
    guard let data, data.kind != .null else {
      throw Envelope.invalid("The member `data` is missing; expected an object.")
    }
    return Envelope(id: id, source: source, type: type.string, time: time, data: data)
  }

  private func required(_ name: StaticString) throws(Rejection) -> [UInt8] {
    switch attribute(name) {
    case .missing:
      throw Envelope.invalid("The attribute `\(name)` is missing; expected a string.")
    case .notText: throw Envelope.invalid("The attribute `\(name)` is not a string.")
    case .text(let text): return text
    }
  }

  private func identifier(_ name: StaticString) throws(Rejection) -> Text {
    let bytes = try required(name)
    guard bytes.withUnsafeBufferPointer(Identifier.isValid),
      let text = String(validating: bytes, as: UTF8.self)
    else {
      throw Envelope.invalid("The attribute `\(name)` is not \(EventData.idExpected).")
    }
    return Text(text)
  }

  private func time() throws(Rejection) -> Timestamp? {
    if case .missing = attribute("time") { return nil }
    guard let time = RFC3339.timestamp(of: try required("time")) else {
      throw Envelope.invalid("The attribute `time` is not a timestamp by RFC 3339.")
    }
    return time
  }
}
