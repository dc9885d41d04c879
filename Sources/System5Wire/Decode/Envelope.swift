import System5Core

/// The attributes of a CloudEvent, in either mode, before its data is read. Its bytes are the
/// decoder's, and hold until it decodes again.
struct Envelope {
  var id: UnsafeBufferPointer<UInt8>
  var source: UnsafeBufferPointer<UInt8>
  var type: TypeName
  /// nil: the record's timestamp counts.
  var time: Timestamp?
  var data: JSONNode

  enum TypeName {
    case known(EventType)
    case unknown(UnsafeBufferPointer<UInt8>)
  }

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
    } else if root.kind == .object, root.member(.specversion) != nil {
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
  @inline(__always)
  init(structured root: JSONNode) throws(Rejection) {
    guard root.kind == .object else {
      throw Envelope.invalid("The value is not a JSON object; expected a CloudEvent.")
    }
    self = try Attributes(members: root).envelope()
  }

  init(
    binary data: JSONNode, headers: [RawHeader], _ bytes: HeaderBytes
  ) throws(Rejection) {
    if let type = headers.last(named: "content-type"), !Envelope.isJSON(type) {
      throw Envelope.invalid("The header `content-type` is not application/json.")
    }
    self = try Attributes(headers: headers, data: data, bytes).envelope()
  }

  private static func isJSON(_ type: String) -> Bool {
    let media = type.prefix { $0 != ";" && $0 != " " }
    return media == "application/json" || media == "text/json" || media.hasSuffix("+json")
  }
}

/// What an attribute was given as.
private enum Attribute {
  case missing, notText
  /// `node`: where it stands in the document; nil for a header.
  case text(UnsafeBufferPointer<UInt8>, node: JSONNode?)

  @inline(__always)
  init(_ node: JSONNode) {
    switch node.kind {
    case .null: self = .missing
    case .string: self = .text(node.text, node: node)
    default: self = .notText
    }
  }
}

/// The attributes that are read.
private struct Attributes {
  private var specversion = Attribute.missing
  private var id = Attribute.missing
  private var source = Attribute.missing
  private var type = Attribute.missing
  private var time = Attribute.missing
  private var data: JSONNode?

  /// Found in one pass: to look for each among the members took 4 % of the event path.
  @inline(__always)
  init(members root: JSONNode) {
    for (key, value) in root.members {
      switch key.word {
      case .id: id = Attribute(value)
      case .source: source = Attribute(value)
      case .type: type = Attribute(value)
      case .time: time = Attribute(value)
      case .data: data = value
      case .specversion: specversion = Attribute(value)
      default: break
      }
    }
  }

  init(headers: [RawHeader], data: JSONNode, _ bytes: HeaderBytes) {
    bytes.clear()
    func attribute(_ name: Word) -> Attribute {
      guard let value = headers.value(named: "ce_\(name)") else { return .missing }
      return .text(bytes.keep(value), node: nil)
    }
    specversion = attribute(.specversion)
    id = attribute(.id)
    source = attribute(.source)
    type = attribute(.type)
    time = attribute(.time)
    self.data = data
  }

  @inline(__always)
  func envelope() throws(Rejection) -> Envelope {
    let version = try required(specversion, .specversion)
    guard version.count == 3, version[0] == UInt8(ascii: "1"), version[1] == UInt8(ascii: "."),
      version[2] == UInt8(ascii: "0")
    else {
      throw Envelope.invalid("The attribute `specversion` is not \"1.0\".")
    }
    let id = try identifier(id, .id)
    let source = try identifier(source, .source)
    let type = try typeName()
    let time = try timestamp()
    guard let data, data.kind != .null else {
      throw Envelope.invalid("The member `data` is missing; expected an object.")
    }
    return Envelope(id: id, source: source, type: type, time: time, data: data)
  }

  @inline(__always)
  private func required(
    _ attribute: Attribute, _ name: Word
  ) throws(Rejection) -> UnsafeBufferPointer<UInt8> {
    switch attribute {
    case .missing:
      throw Envelope.invalid("The attribute `\(name)` is missing; expected a string.")
    case .notText: throw Envelope.invalid("The attribute `\(name)` is not a string.")
    case .text(let text, _): return text
    }
  }

  @inline(__always)
  private func identifier(
    _ attribute: Attribute, _ name: Word
  ) throws(Rejection) -> UnsafeBufferPointer<UInt8> {
    let bytes = try required(attribute, name)
    guard Identifier.isValid(bytes) else {
      throw Envelope.invalid("The attribute `\(name)` is not \(EventData.idExpected).")
    }
    return bytes
  }

  @inline(__always)
  private func typeName() throws(Rejection) -> Envelope.TypeName {
    if case .text(_, let node?) = type, let type = node.eventType { return .known(type) }
    let name = try identifier(type, .type)
    return EventType(named: name).map(Envelope.TypeName.known) ?? .unknown(name)
  }

  @inline(__always)
  private func timestamp() throws(Rejection) -> Timestamp? {
    if case .missing = time { return nil }
    guard let time = RFC3339.timestamp(of: try required(time, .time)) else {
      throw Envelope.invalid("The attribute `time` is not a timestamp by RFC 3339.")
    }
    return time
  }
}

/// Attributes out of headers, at places of their own for as long as an event is decoded.
final class HeaderBytes {
  private var kept: [UnsafeMutableBufferPointer<UInt8>] = []

  deinit { clear() }

  func clear() {
    for buffer in kept { buffer.deallocate() }
    kept.removeAll(keepingCapacity: true)
  }

  /// What is not UTF-8 is kept as nothing, which is no attribute either.
  func keep(_ bytes: [UInt8]) -> UnsafeBufferPointer<UInt8> {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      return UnsafeBufferPointer(start: nil, count: 0)
    }
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = buffer.initialize(from: bytes)
    kept.append(buffer)
    return UnsafeBufferPointer(buffer)
  }
}
