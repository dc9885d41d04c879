/// Writing JSON, in the one form that System5 writes: no white space, members in the order given,
/// strings with the escapes that JSON demands and no others.
extension JSONValue {
  /// The same text for equal values: members sorted by name, numbers as they were spelt.
  public var canonicalText: String {
    var text: [UInt8] = []
    JSONText.append(self, to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}

extension JSONObject {
  /// The same text for equal objects.
  public var canonicalText: String { JSONValue.object(self).canonicalText }
}

/// As UTF-8: a search writes the text of every policy, and appending to a string took it five times
/// as long.
package enum JSONText {
  static func append(_ value: JSONValue, to text: inout [UInt8]) {
    switch value {
    case .null: text.append("null")
    case .bool(let flag): text.append(flag ? "true" : "false")
    case .number(let number): text.append(utf8: number.text.string)
    case .string(let string): appendQuoted(string.string, to: &text)
    case .array(let elements):
      appendList(elements, "[", "]", to: &text) { append($0, to: &$1) }
    case .object(let object): append(object, to: &text)
    }
  }

  static func append(_ object: JSONObject, to text: inout [UInt8]) {
    appendList(object.members, "{", "}", to: &text) { member, text in
      appendQuoted(member.name.string, to: &text)
      text.append(UInt8(ascii: ":"))
      append(member.value, to: &text)
    }
  }

  package static func appendQuoted(_ string: String, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    let start = text.count
    text.append(utf8: string)
    if hasEscapes(text.span.extracting(start..<text.count)) {
      text.removeLast(text.count - start)
      for byte in string.utf8 { appendEscaped(byte, to: &text) }
    }
    text.append(UInt8(ascii: "\""))
  }

  private static func hasEscapes(_ bytes: Span<UInt8>) -> Bool {
    var found = false
    for index in bytes.indices {
      let byte = bytes[unchecked: index]
      found = found || byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
    return found
  }

  private static func appendEscaped(_ byte: UInt8, to text: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""): text.append("\\\"")
    case UInt8(ascii: "\\"): text.append("\\\\")
    case UInt8(ascii: "\n"): text.append("\\n")
    case UInt8(ascii: "\r"): text.append("\\r")
    case UInt8(ascii: "\t"): text.append("\\t")
    case 0..<0x20:
      let digits = String(byte, radix: 16)
      text.append(utf8: "\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
    default: text.append(byte)
    }
  }

  private static func appendList<Element>(
    _ elements: [Element], _ open: Unicode.Scalar, _ close: Unicode.Scalar,
    to text: inout [UInt8], each: (Element, inout [UInt8]) -> Void
  ) {
    text.append(UInt8(ascii: open))
    var isFirst = true
    for element in elements {
      if !isFirst { text.append(UInt8(ascii: ",")) }
      isFirst = false
      each(element, &text)
    }
    text.append(UInt8(ascii: close))
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ literal: StaticString) {
    literal.withUTF8Buffer { append(contentsOf: $0) }
  }

  /// A string's storage at once; going through its view took longer for each byte.
  package mutating func append(utf8 string: String) {
    let copied: Void? = string.utf8.withContiguousStorageIfAvailable { append(contentsOf: $0) }
    if copied == nil { append(contentsOf: string.utf8) }
  }
}
