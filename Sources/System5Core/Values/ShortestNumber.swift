/// The shortest decimal that reads back as the same `Double`, spelt as ECMAScript's
/// `Number::toString` does (and RFC 8785 with it): `180`, `0.1`, `1e-7`, `1e+21`.
public enum ShortestNumber {
  /// - Parameter value: a finite number; `null` is returned for any other, as JSON has none.
  public static func text(of value: Double) -> String {
    guard value.isFinite else { return "null" }
    if value == 0 { return "0" }
    let size = abs(value)
    if size < 1e15, let whole = Int64(exactly: value) { return String(whole) }
    // Here the library's description has neither an exponent nor a point for nothing.
    if size >= 1e-3, size < 1e15 { return value.description }
    let sign = value < 0 ? "-" : ""
    let (digits, exponent) = decimal(of: size)
    return sign + spelling(of: digits, exponent: exponent)
  }

  /// The shortest digits `d1 d2 …` and `n` with value = 0.d1d2… × 10^n, out of the standard
  /// library's description, which is shortest (SwiftDtoa, after Errol and Ryu).
  private static func decimal(of value: Double) -> (digits: [UInt8], exponent: Int) {
    let zero = UInt8(ascii: "0")
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    var parts = value.description.utf8[...]
    if let mark = parts.firstIndex(of: UInt8(ascii: "e")) {
      exponent = Int(String(Substring(parts[parts.index(after: mark)...]))) ?? 0
      parts = parts[..<mark]
    }
    for byte in parts {
      if byte == UInt8(ascii: ".") { point = digits.count } else { digits.append(byte) }
    }
    let leading = digits.prefix { $0 == zero }.count
    let scale = (point ?? digits.count) - leading + exponent
    digits.removeFirst(leading)
    while digits.last == zero { digits.removeLast() }
    return (digits, scale)
  }

  private static func spelling(of digits: [UInt8], exponent: Int) -> String {
    let text = String(decoding: digits, as: UTF8.self)
    let count = digits.count
    switch exponent {
    case count...21:
      return text + String(repeating: "0", count: exponent - count)
    case 1...21:
      return text.prefix(exponent) + "." + text.dropFirst(exponent)
    case -5...0:
      return "0." + String(repeating: "0", count: -exponent) + text
    default:
      let power = exponent - 1
      let mantissa = count == 1 ? text : text.prefix(1) + "." + text.dropFirst()
      return mantissa + (power < 0 ? "e-" : "e+") + String(abs(power))
    }
  }
}
