import System5Core

/// JSON as System5 writes it: members in the order given, no white space, numbers in shortest form.
public enum OrderedJSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// Written as null where it is not finite.
  case number(Double)
  case string(String)
  case time(Timestamp)
  case list([OrderedJSON])
  case object([Member])
  case value(JSONValue)

  public struct Member: Hashable, Sendable {
    public let name: String
    public let value: OrderedJSON

    public init(_ name: String, _ value: OrderedJSON) {
      self.name = name
      self.value = value
    }

    /// No member where the value is nil.
    package static func optional(_ name: String, _ value: OrderedJSON?) -> Member? {
      value.map { Member(name, $0) }
    }
  }

  package static func text(_ text: Text) -> OrderedJSON { .string(text.string) }
  package static func texts(_ texts: [Text]) -> OrderedJSON { .list(texts.map(OrderedJSON.text)) }

  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return bytes
  }

  /// The same value with its members sorted.
  public var jsonValue: JSONValue {
    switch self {
    case .null: JSONValue.null
    case .bool(let flag): .bool(flag)
    case .integer(let number): .number(JSONNumber(number))
    case .number(let number): JSONNumber(number).map(JSONValue.number) ?? JSONValue.null
    case .string(let string): .string(Text(string))
    case .time(let time): .string(Text(RFC3339.text(of: time)))
    case .list(let elements): .array(elements.map(\.jsonValue))
    case .object(let members):
      .object(
        JSONObject(
          members.map { JSONObject.Member(name: Text($0.name), value: $0.value.jsonValue) }))
    case .value(let value): value
    }
  }

  package func append(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    case .integer(let number): bytes.append(contentsOf: String(number).utf8)
    case .number(let number): bytes.append(utf8: ShortestNumber.text(of: number))
    case .string(let string): JSONText.appendQuoted(string, to: &bytes)
    case .time(let time): JSONText.appendQuoted(RFC3339.text(of: time), to: &bytes)
    case .list(let elements): OrderedJSON.append(elements, to: &bytes)
    case .object(let members): OrderedJSON.append(members, to: &bytes)
    case .value(let value): bytes.append(utf8: value.canonicalText)
    }
  }

  private static func append(_ elements: [OrderedJSON], to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "["))
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      element.append(to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  private static func append(_ members: [Member], to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "{"))
    for (index, member) in members.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      JSONText.appendQuoted(member.name, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      member.value.append(to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }
}
