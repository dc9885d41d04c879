/// JSON as the model holds it.
enum ReferenceValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// A number that was calculated: two of these are the same when they are near.
  case number(Double)
  /// A number as it was written.
  case literal(String)
  case text(ReferenceWord)
  /// A point of time, which may be written in several ways.
  case time(ReferenceTime)
  /// One that was calculated, and may be rounded to the millisecond.
  case nearTime(ReferenceTime)
  /// An id of the model's own, standing for whatever id the program under test has chosen.
  case name(ReferenceWord)
  /// Any text that is not empty: a sentence for people.
  case sentence
  case list([ReferenceValue])
  case object([ReferenceWord: ReferenceValue])
}

extension ReferenceValue: ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral {
  init(stringLiteral string: String) { self = .text(ReferenceWord(string)) }

  init(dictionaryLiteral members: (ReferenceWord, ReferenceValue?)...) {
    var object: [ReferenceWord: ReferenceValue] = [:]
    for (name, value) in members { object[name] = value }
    self = .object(object)
  }

  static func number(_ count: Int) -> ReferenceValue { .number(Double(count)) }

  /// A calculated number, null where it left the range of numbers.
  static func finite(_ number: Double) -> ReferenceValue {
    number.isFinite ? .number(number) : .null
  }
}

extension ReferenceValue {
  var members: [ReferenceWord: ReferenceValue]? {
    if case .object(let members) = self { members } else { nil }
  }

  var elements: [ReferenceValue]? {
    if case .list(let elements) = self { elements } else { nil }
  }

  var word: ReferenceWord? { if case .text(let word) = self { word } else { nil } }

  var double: Double? {
    switch self {
    case .number(let number): number
    case .literal(let text): Double(text)
    default: nil
    }
  }

  /// The member of that name; one that is null counts as absent.
  subscript(name: ReferenceWord) -> ReferenceValue? {
    guard let value = members?[name], value != .null else { return nil }
    return value
  }
}

extension ReferenceValue {
  /// One text for one value: members by name, nothing between tokens.
  var canonical: String {
    switch self {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .number(let number): "\(number)"
    case .literal(let text): text
    case .text(let word): ReferenceValue.quoted(word)
    case .time(let time), .nearTime(let time): "\"\(time)\""
    case .name(let name): "<\(name.string)>"
    case .sentence: "<sentence>"
    case .list(let elements): "[" + elements.map(\.canonical).joined(separator: ",") + "]"
    case .object(let members):
      "{"
        + members.sorted { $0.key < $1.key }
        .map { "\(ReferenceValue.quoted($0.key)):\($0.value.canonical)" }
        .joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ word: ReferenceWord) -> String {
    let escaped = word.string.unicodeScalars.map { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      case "\r": "\\r"
      case "\t": "\\t"
      case _ where scalar.value < 0x20: escape(scalar.value)
      default: String(scalar)
      }
    }
    return "\"" + escaped.joined() + "\""
  }

  private static func escape(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// Whether it holds a number that no double can: beyond 1.8e308.
  var overflows: Bool {
    switch self {
    case .literal(let text): Double(text)?.isFinite != true
    case .list(let elements): elements.contains(where: \.overflows)
    case .object(let members): members.values.contains(where: \.overflows)
    default: false
    }
  }
}
