/// Integers out of JSON numbers: `2`, `2.0` and `20e-1` are one, `2.5` is none.
enum ExactInteger {
  /// ±2^53: beyond it not every program reads the same integer.
  static let limit: Int64 = 9_007_199_254_740_992

  /// - Parameter spelling: a number by JSON's grammar.
  /// - Returns: nil if it is no integer or is beyond the limit; exact, whatever its length.
  static func value(of spelling: some Collection<UInt8>) -> Int64? {
    var digits: [UInt8] = []
    var scale = 0
    var isFraction = false
    var rest = Array(spelling)[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest = rest.dropFirst() }
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "."): isFraction = true
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        scale += exponent(rest)
        rest = []
      default:
        if isFraction { scale -= 1 }
        if !digits.isEmpty || byte != UInt8(ascii: "0") { digits.append(byte) }
      }
    }
    guard let magnitude = magnitude(of: digits, scale: scale) else { return nil }
    return isNegative ? -magnitude : magnitude
  }

  /// Held to a million, which is more than any digits in an event can make up for.
  private static func exponent(_ spelling: ArraySlice<UInt8>) -> Int {
    let text = String(decoding: spelling, as: UTF8.self)
    let bound = 10_000_000
    let fallback = text.hasPrefix("-") ? -bound : bound
    return min(bound, max(-bound, Int(text) ?? fallback))
  }

  private static func magnitude(of digits: [UInt8], scale: Int) -> Int64? {
    var digits = digits
    var scale = scale
    while digits.last == UInt8(ascii: "0") {
      digits.removeLast()
      scale += 1
    }
    if digits.isEmpty { return 0 }
    guard scale >= 0, scale <= 16, digits.count + scale <= 16 else { return nil }
    let text = String(decoding: digits, as: UTF8.self) + String(repeating: "0", count: scale)
    guard let value = Int64(text), value <= limit else { return nil }
    return value
  }
}
