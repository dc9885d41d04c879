internal import Foundation
internal import System5Core
internal import System5Wire

/// Why a record is no result that this library understands, in one sentence.
struct UnreadableResult: Error, Hashable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// One value of a result, and what it is called in messages.
struct ResultField {
  let name: String
  let value: JSONValue

  func wrong(_ expected: String) -> UnreadableResult {
    UnreadableResult("`\(name)` is not \(expected).")
  }

  func text() throws(UnreadableResult) -> String {
    guard case .string(let text) = value else { throw wrong("a string") }
    return text.string
  }

  func number() throws(UnreadableResult) -> Double {
    guard case .number(let number) = value else { throw wrong("a number") }
    return number.double
  }

  func integer() throws(UnreadableResult) -> Int {
    guard case .number(let number) = value, let integer = Int(number.text.string) else {
      throw wrong("an integer")
    }
    return integer
  }

  func flag() throws(UnreadableResult) -> Bool {
    guard case .bool(let flag) = value else { throw wrong("true or false") }
    return flag
  }

  func time() throws(UnreadableResult) -> Date {
    guard let time = RFC3339.timestamp(of: try text().utf8) else {
      throw wrong("a timestamp by RFC 3339")
    }
    return time.date
  }

  func choice<Choice: RawRepresentable & CaseIterable>() throws(UnreadableResult) -> Choice
  where Choice.RawValue == String {
    guard let choice = Choice(rawValue: try text()) else {
      throw wrong("one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return choice
  }

  func elements() throws(UnreadableResult) -> [ResultField] {
    guard case .array(let elements) = value else { throw wrong("an array") }
    return elements.map { ResultField(name: "\(name)[]", value: $0) }
  }

  func fields() throws(UnreadableResult) -> ResultFields {
    guard case .object(let object) = value else { throw wrong("an object") }
    return ResultFields(name: name, object: object)
  }
}

/// The members of one object of a result, read by name.
struct ResultFields {
  let name: String
  let object: JSONObject

  func required(_ member: String) throws(UnreadableResult) -> ResultField {
    guard let field = field(member) else {
      throw UnreadableResult("`\(path(member))` is missing.")
    }
    return field
  }

  /// Nil for a member that is absent or null.
  func optional<Value>(
    _ member: String, _ read: (ResultField) throws(UnreadableResult) -> Value
  ) throws(UnreadableResult) -> Value? {
    guard let field = field(member) else { return nil }
    return try read(field)
  }

  func text(_ member: String) throws(UnreadableResult) -> String { try required(member).text() }
  func number(_ member: String) throws(UnreadableResult) -> Double {
    try required(member).number()
  }
  func integer(_ member: String) throws(UnreadableResult) -> Int { try required(member).integer() }
  func flag(_ member: String) throws(UnreadableResult) -> Bool { try required(member).flag() }
  func time(_ member: String) throws(UnreadableResult) -> Date { try required(member).time() }

  func choice<Choice: RawRepresentable & CaseIterable>(
    _ member: String
  ) throws(UnreadableResult) -> Choice where Choice.RawValue == String {
    try required(member).choice()
  }

  func list<Element>(
    _ member: String, _ read: (ResultField) throws(UnreadableResult) -> Element
  ) throws(UnreadableResult) -> [Element] {
    var list: [Element] = []
    for element in try required(member).elements() { list.append(try read(element)) }
    return list
  }

  func texts(_ member: String) throws(UnreadableResult) -> [String] {
    try list(member) { (field) throws(UnreadableResult) in try field.text() }
  }

  /// An object whose members are named by the data.
  func named<Value>(
    _ member: String, _ read: (ResultField) throws(UnreadableResult) -> Value
  ) throws(UnreadableResult) -> [String: Value] {
    let fields = try required(member).fields()
    var values: [String: Value] = [:]
    for element in fields.object.members {
      let name = element.name.string
      values[name] = try read(ResultField(name: fields.path(name), value: element.value))
    }
    return values
  }

  func numbers(_ member: String) throws(UnreadableResult) -> [String: Double] {
    try named(member) { (field) throws(UnreadableResult) in try field.number() }
  }

  func freeForm(_ member: String) throws(UnreadableResult) -> [String: JSON] {
    JSON.members(of: try required(member).fields().object)
  }

  private func path(_ member: String) -> String { name.isEmpty ? member : "\(name).\(member)" }

  private func field(_ member: String) -> ResultField? {
    guard let value = object[Text(member)], value != JSONValue.null else { return nil }
    return ResultField(name: path(member), value: value)
  }
}
