internal import System5Core
internal import System5Wire

/// Free-form JSON: the data of a policy, the context of an anomaly, the metadata of a measurement.
///
/// Written as literals: `["type": "overload", "severity": 0.8, "tags": ["night", nil]]`.
public enum JSON: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// Finite: JSON has no other numbers.
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(nilLiteral: ()) { self = .null }

  /// Of members that share a name the last counts.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
  }
}

extension JSON {
  /// The member of an object; nil if there is none, or this is no object.
  public subscript(name: String) -> JSON? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  public var string: String? { if case .string(let text) = self { text } else { nil } }

  /// Of either kind of number.
  public var double: Double? {
    switch self {
    case .number(let number): number
    case .integer(let number): Double(number)
    default: nil
    }
  }
}

extension JSON {
  /// Members sorted by name, so that equal values have equal bytes.
  var ordered: OrderedJSON {
    switch self {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .integer(let number): .integer(number)
    case .number(let number): .number(number)
    case .string(let string): .string(string)
    case .array(let elements): .list(elements.map(\.ordered))
    case .object(let members): JSON.ordered(members)
    }
  }

  static func ordered(_ members: [String: JSON]) -> OrderedJSON {
    .object(
      members.sorted { Text($0.key) < Text($1.key) }
        .map { OrderedJSON.Member($0.key, $0.value.ordered) })
  }

  /// Whether every number can be written.
  var isFinite: Bool {
    switch self {
    case .number(let number): number.isFinite
    case .array(let elements): elements.allSatisfy(\.isFinite)
    case .object(let members): members.values.allSatisfy(\.isFinite)
    default: true
    }
  }

  /// An integer where it is spelt as one that fits, else the nearest double.
  init(_ value: JSONValue) {
    switch value {
    case .null: self = .null
    case .bool(let flag): self = .bool(flag)
    case .number(let number):
      self = Int64(number.text.string).map(JSON.integer) ?? .number(number.double)
    case .string(let text): self = .string(text.string)
    case .array(let elements): self = .array(elements.map { JSON($0) })
    case .object(let object): self = .object(JSON.members(of: object))
    }
  }

  static func members(of object: JSONObject) -> [String: JSON] {
    Dictionary(
      object.members.map { ($0.name.string, JSON($0.value)) }, uniquingKeysWith: { _, last in last }
    )
  }
}
