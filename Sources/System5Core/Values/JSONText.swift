/// Writing JSON, in the one form that System5 writes: no white space, members in the order given,
/// strings with the escapes that JSON demands and no others.
extension JSONValue {
  /// The same text for equal values: members sorted by name, numbers as they were spelt.
  public var canonicalText: String {
    var text = ""
    JSONText.append(self, to: &text)
    return text
  }
}

extension JSONObject {
  /// The same text for equal objects.
  public var canonicalText: String { JSONValue.object(self).canonicalText }
}

enum JSONText {
  static func append(_ value: JSONValue, to text: inout String) {
    switch value {
    case .null: text += "null"
    case .bool(let flag): text += flag ? "true" : "false"
    case .number(let number): text += number.text.string
    case .string(let string): appendQuoted(string.string, to: &text)
    case .array(let elements):
      appendList(elements, "[", "]", to: &text) { append($0, to: &$1) }
    case .object(let object):
      appendList(object.members, "{", "}", to: &text) { member, text in
        appendQuoted(member.name.string, to: &text)
        text += ":"
        append(member.value, to: &text)
      }
    }
  }

  static func appendQuoted(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }

  private static func appendList<Element>(
    _ elements: [Element], _ open: String, _ close: String, to text: inout String,
    each: (Element, inout String) -> Void
  ) {
    text += open
    var isFirst = true
    for element in elements {
      if !isFirst { text += "," }
      isFirst = false
      each(element, &text)
    }
    text += close
  }
}
