import System5Core

extension JSONObject {
  /// A member for people: text without its quotes, all else as JSON.
  func shown(_ name: Text) -> String {
    guard let value = self[name] else { return "-" }
    return value.text ?? value.canonicalText
  }
}

extension String {
  /// At least so many characters, the rest spaces.
  func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// Without the control characters of other programs, which would move a terminal's cursor.
  var printable: String {
    let scalars = unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
    return String(String.UnicodeScalarView(scalars))
  }
}
