import Foundation
import System5Core
import System5Wire

/// The strict parser against Foundation's, which shares no code with it, and against a scanner of
/// numbers that knows nothing of grammar.
///
/// What Foundation takes and the strict parser does not, each with its own message: repeated names,
/// a comma before a closing bracket, a byte order mark, UTF-16 and UTF-32 (which all have zero bytes), more than 64 levels (Foundation
/// takes 512), numbers beyond all doubles. The other way round there is nothing.
final class JSONCheck {
  private let parser = JSONParser()

  func check(_ bytes: [UInt8]) throws(FuzzFailure) -> String {
    let foundation = try? JSONSerialization.jsonObject(
      with: Data(bytes), options: .fragmentsAllowed)
    let value: JSONValue
    do throws(JSONError) {
      value = try parser.value(of: bytes)
    } catch {
      try expect(
        foundation == nil || JSONCheck.isKnownDifference(error, bytes),
        "Foundation takes what is refused for \(error.description)")
      return "!" + error.message
    }
    guard let foundation else { throw FuzzFailure("Foundation refuses what is taken") }
    try expect(JSONCheck.agree(value, foundation), "Foundation reads something else")
    try checkSpelling(value, bytes)
    return "+" + JSONCheck.shape(value).prefix(12)
  }

  private static func isKnownDifference(_ error: JSONError, _ bytes: [UInt8]) -> Bool {
    error.kind == .tooDeep || bytes.contains(0) || isTrailingComma(error, bytes)
      || [
        "an object that has two members of one name", "a byte order mark",
        "a number beyond all doubles",
      ].contains(error.message)
  }

  private static func isTrailingComma(_ error: JSONError, _ bytes: [UInt8]) -> Bool {
    guard let offset = error.offset.map(Int.init), offset < bytes.count,
      [UInt8(ascii: "]"), UInt8(ascii: "}")].contains(bytes[offset])
    else { return false }
    return bytes[..<offset].last { $0 > 0x20 } == UInt8(ascii: ",")
  }

  /// Numbers are kept as written, and what is written out reads the same.
  private func checkSpelling(_ value: JSONValue, _ bytes: [UInt8]) throws(FuzzFailure) {
    let kept = JSONCheck.numbers(in: value).sorted()
    try expect(kept == JSONCheck.numbers(in: bytes).sorted(), "numbers are spelt otherwise")
    let text = value.canonicalText
    let again = try? parser.value(of: Array(text.utf8))
    try expect(again == value, "canonical text that reads otherwise: \(text)")
  }

  private static func agree(_ value: JSONValue, _ other: Any) -> Bool {
    switch value {
    case .null: return other is NSNull
    case .bool(let flag): return (other as? Bool) == flag
    case .number(let number):
      guard let found = (other as? NSNumber)?.doubleValue else { return false }
      return abs(found - number.double) <= abs(number.double) * 1e-14
    case .string(let text): return agree(text, other as? String)
    case .array(let elements):
      guard let list = other as? [Any], list.count == elements.count else { return false }
      return zip(elements, list).allSatisfy { agree($0, $1) }
    case .object(let object): return agree(object, other as? [String: Any])
    }
  }

  /// Foundation drops a byte order mark at the start of a string and after an escape.
  private static func agree(_ text: Text, _ other: String?) -> Bool {
    guard let other else { return false }
    return other.utf8.elementsEqual(text.string.utf8)
      || withoutMarks(other).utf8.elementsEqual(withoutMarks(text.string).utf8)
  }

  private static func withoutMarks(_ text: String) -> String {
    var rest = text
    rest.unicodeScalars.removeAll { $0 == "\u{feff}" }
    return rest
  }

  /// Foundation's dictionary takes two spellings of one name in Unicode to be the same.
  private static func agree(_ object: JSONObject, _ other: [String: Any]?) -> Bool {
    guard let other, other.count <= object.members.count else { return false }
    let names = object.members.map(\.name.string)
    if names.contains(where: { $0.unicodeScalars.contains("\u{feff}") }) { return true }
    if other.count < names.count { return Set(names).count == other.count }
    return object.members.allSatisfy { member in
      other[member.name.string].map { agree(member.value, $0) } ?? false
    }
  }

  private static func numbers(in value: JSONValue) -> [String] {
    switch value {
    case .number(let number): [number.text.string]
    case .array(let elements): elements.flatMap { numbers(in: $0) }
    case .object(let object): object.members.flatMap { numbers(in: $0.value) }
    case .null, .bool, .string: []
    }
  }

  /// Of a document that is known to be valid.
  private static func numbers(in document: [UInt8]) -> [String] {
    var found: [String] = []
    var rest = document[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""):
        while let next = rest.popFirst(), next != UInt8(ascii: "\"") {
          if next == UInt8(ascii: "\\") { rest = rest.dropFirst() }
        }
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        let tail = rest.prefix { "0123456789+-.eE".utf8.contains($0) }
        found.append(String(decoding: [byte] + tail, as: UTF8.self))
        rest = rest.dropFirst(tail.count)
      default: break
      }
    }
    return found
  }

  private static func shape(_ value: JSONValue) -> String {
    switch value {
    case .null: "z"
    case .bool: "b"
    case .number: "n"
    case .string: "s"
    case .array(let elements): "[" + elements.prefix(3).map { shape($0) }.joined() + "]"
    case .object(let object): "{" + object.members.prefix(3).map { shape($0.value) }.joined() + "}"
    }
  }
}
