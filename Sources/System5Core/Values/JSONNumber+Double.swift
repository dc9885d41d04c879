extension JSONNumber {
  /// The double of a short number without an exponent, in a fraction of the time that the standard
  /// library takes; nil for others.
  ///
  /// With up to 15 digits and as many places both the digits as an integer and the power of ten are
  /// exact, so the one division rounds once: to the nearest. Source: W. D. Clinger, "How to Read
  /// Floating Point Numbers Accurately" (1990).
  var exactDouble: Double? {
    let utf8 = text.string.utf8
    return JSONNumber.exactDouble(of: utf8.span)
  }

  private static func exactDouble(of spelling: Span<UInt8>) -> Double? {
    let isNegative = !spelling.isEmpty && spelling[0] == UInt8(ascii: "-")
    let first = isNegative ? 1 : 0
    // A point is the sixteenth; digits alone are no more than that either.
    guard spelling.count > first, spelling.count - first <= 16 else { return nil }
    var digits: Int64 = 0
    var digitCount = 0
    var point: Int?
    for index in first..<spelling.count {
      let digit = spelling[index] &- UInt8(ascii: "0")
      if digit < 10 {
        digits = digits * 10 + Int64(digit)
        digitCount += 1
      } else if spelling[index] == UInt8(ascii: "."), point == nil, digitCount > 0 {
        point = digitCount
      } else {
        return nil
      }
    }
    let places = point.map { digitCount - $0 } ?? 0
    guard digitCount <= 15, point == nil || places > 0 else { return nil }
    let value = Double(digits) / powers[places]
    return isNegative ? -value : value
  }

  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]
}
