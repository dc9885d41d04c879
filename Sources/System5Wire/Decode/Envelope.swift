import System5Core

/// The attributes of a CloudEvent, in either mode, before its data is read.
struct Envelope {
  var id: Text
  var source: Text
  var type: TypeName
  /// nil: the record's timestamp counts.
  var time: Timestamp?
  var data: JSONNode

  enum TypeName {
    case known(EventType)
    case unknown(String)
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
  init(structured root: JSONNode, _ interner: Interner) throws(Rejection) {
    guard root.kind == .object else {
      throw Envelope.invalid("The value is not a JSON object; expected a CloudEvent.")
    }
    let members = JSONAttributes(root: root, interner: interner)
    self = try AttributeReader(source: members).envelope(data: members.data)
  }

  init(binary data: JSONNode, headers: [RawHeader]) throws(Rejection) {
    if let type = headers.last(named: "content-type"), !Envelope.isJSON(type) {
      throw Envelope.invalid("The header `content-type` is not application/json.")
    }
    let attributes = AttributeReader(source: HeaderAttributes(headers: headers))
    self = try attributes.envelope(data: data)
  }

  private static func isJSON(_ type: String) -> Bool {
    let media = type.prefix { $0 != ";" && $0 != " " }
    return media == "application/json" || media == "text/json" || media.hasSuffix("+json")
  }
}

/// The attributes that are read.
private enum AttributeName {
  case specversion, id, source, type, time

  var name: StaticString {
    switch self {
    case .specversion: "specversion"
    case .id: "id"
    case .source: "source"
    case .type: "type"
    case .time: "time"
    }
  }
}

/// Where a mode keeps the attributes.
private protocol AttributeSource {
  associatedtype Bytes: RandomAccessCollection<UInt8>

  func attribute(_ name: AttributeName) -> Attribute<Bytes>
  /// nil for invalid UTF-8.
  func text(of bytes: Bytes) -> Text?
  /// The same for a text that is not expected to come again.
  func newText(of bytes: Bytes) -> Text?
}

private enum Attribute<Bytes> {
  case missing, notText
  case text(Bytes)
}

/// Found in one pass: to look for each among the members took 4 % of the event path.
private struct JSONAttributes: AttributeSource {
  private let interner: Interner
  private var specversion: JSONNode?
  private var id: JSONNode?
  private var source: JSONNode?
  private var type: JSONNode?
  private var time: JSONNode?
  private(set) var data: JSONNode?

  init(root: JSONNode, interner: Interner) {
    self.interner = interner
    for (key, value) in root.members { take(value, named: key) }
  }

  private mutating func take(_ value: JSONNode, named key: JSONNode) {
    switch key.text.count {
    case 2 where key.isEqual(to: "id"): id = value
    case 4 where key.isEqual(to: "time"): time = value
    case 4 where key.isEqual(to: "type"): type = value
    case 4 where key.isEqual(to: "data"): data = value
    case 6 where key.isEqual(to: "source"): source = value
    case 11 where key.isEqual(to: "specversion"): specversion = value
    default: break
    }
  }

  func attribute(_ name: AttributeName) -> Attribute<UnsafeBufferPointer<UInt8>> {
    let found =
      switch name {
      case .specversion: specversion
      case .id: id
      case .source: source
      case .type: type
      case .time: time
      }
    guard let found, found.kind != .null else { return .missing }
    return found.kind == .string ? .text(found.text) : .notText
  }

  func text(of bytes: UnsafeBufferPointer<UInt8>) -> Text? { interner.text(of: bytes) }

  func newText(of bytes: UnsafeBufferPointer<UInt8>) -> Text? {
    Text(String(decoding: bytes, as: UTF8.self))
  }
}

private struct HeaderAttributes: AttributeSource {
  let headers: [RawHeader]

  func attribute(_ name: AttributeName) -> Attribute<[UInt8]> {
    headers.value(named: "ce_\(name.name)").map(Attribute.text) ?? .missing
  }

  func text(of bytes: [UInt8]) -> Text? { newText(of: bytes) }

  func newText(of bytes: [UInt8]) -> Text? {
    String(validating: bytes, as: UTF8.self).map { Text($0) }
  }
}

private struct AttributeReader<Source: AttributeSource> {
  let source: Source

  func envelope(data: JSONNode?) throws(Rejection) -> Envelope {
    guard try required(.specversion).isEqual(to: "1.0") else {
      throw Envelope.invalid("The attribute `specversion` is not \"1.0\".")
    }
    let id = try identifier(.id) { source.newText(of: $0) }
    let origin = try identifier(.source) { source.text(of: $0) }
    let type = try identifier(.type, typeName)
    let time = try time()
    guard let data, data.kind != .null else {
      throw Envelope.invalid("The member `data` is missing; expected an object.")
    }
    return Envelope(id: id, source: origin, type: type, time: time, data: data)
  }

  private func required(_ name: AttributeName) throws(Rejection) -> Source.Bytes {
    switch source.attribute(name) {
    case .missing:
      throw Envelope.invalid("The attribute `\(name.name)` is missing; expected a string.")
    case .notText: throw Envelope.invalid("The attribute `\(name.name)` is not a string.")
    case .text(let text): return text
    }
  }

  /// - Parameter make: returns nil for invalid UTF-8.
  private func identifier<Value>(
    _ name: AttributeName, _ make: (Source.Bytes) -> Value?
  ) throws(Rejection) -> Value {
    let bytes = try required(name)
    guard Identifier.isValid(bytes), let value = make(bytes) else {
      throw Envelope.invalid("The attribute `\(name.name)` is not \(EventData.idExpected).")
    }
    return value
  }

  private func typeName(_ bytes: Source.Bytes) -> Envelope.TypeName? {
    if let type = EventType(bytes) { return .known(type) }
    return source.newText(of: bytes).map { .unknown($0.string) }
  }

  private func time() throws(Rejection) -> Timestamp? {
    if case .missing = source.attribute(.time) { return nil }
    guard let time = RFC3339.timestamp(of: try required(.time)) else {
      throw Envelope.invalid("The attribute `time` is not a timestamp by RFC 3339.")
    }
    return time
  }
}
