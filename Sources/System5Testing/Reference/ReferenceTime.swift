/// Microseconds since 1970.
struct ReferenceTime: Hashable, Comparable, Sendable, CustomStringConvertible {
  var micros: Int64

  static func < (lhs: Self, rhs: Self) -> Bool { lhs.micros < rhs.micros }
  static func - (lhs: Self, rhs: Self) -> Int64 { lhs.micros - rhs.micros }
  static func + (lhs: Self, micros: Int64) -> Self { Self(micros: lhs.micros + micros) }

  /// The latest whole multiple of the period that is not after this time.
  func boundary(every period: Int64) -> ReferenceTime {
    let past = micros % period
    return self + (past < 0 ? -past - period : -past)
  }

  var hours: Double { Double(micros) / 3_600_000_000 }

  /// For people.
  var description: String { "\(Double(micros) / 1_000_000) s" }
}

extension ReferenceTime {
  /// Reads RFC 3339; nil for what is none.
  init?(_ text: ReferenceWord) {
    var rest = text.bytes[...]
    func number(_ count: Int) -> Int64? {
      let digits = rest.prefix(count)
      guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
        return nil
      }
      rest = rest.dropFirst(count)
      return Int64(String(decoding: digits, as: UTF8.self))
    }
    func take(_ choices: String) -> UInt8? {
      guard let byte = rest.first, choices.utf8.contains(byte) else { return nil }
      return rest.removeFirst()
    }
    guard let year = number(4), take("-") != nil, let month = number(2), take("-") != nil,
      let day = number(2), take("Tt") != nil, let hour = number(2), take(":") != nil,
      let minute = number(2), take(":") != nil, let second = number(2),
      (1...12).contains(month), (1...Self.days(of: month, in: year)).contains(day), hour < 24,
      minute < 60, second < 60
    else { return nil }
    var fraction = "000000"
    if take(".") != nil {
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      guard !digits.isEmpty else { return nil }
      rest = rest.dropFirst(digits.count)
      fraction = String((String(decoding: digits, as: UTF8.self) + fraction).prefix(6))
    }
    var offset: Int64 = 0
    if take("Zz") == nil {
      guard let sign = take("+-"), let hours = number(2), take(":") != nil,
        let minutes = number(2), hours < 24, minutes < 60
      else { return nil }
      offset = (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }
    guard rest.isEmpty, let part = Int64(fraction) else { return nil }
    let minutes = (Self.day(year, month, day) * 24 + hour) * 60 + minute - offset
    micros = (minutes * 60 + second) * 1_000_000 + part
  }

  private static func isLeap(_ year: Int64) -> Bool {
    year % 4 == 0 && year % 100 != 0 || year % 400 == 0
  }

  private static func days(of month: Int64, in year: Int64) -> Int64 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days since 1970, counted.
  private static func day(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let before = year - 1
    let leaps = before / 4 - before / 100 + before / 400
    let months = (1..<month).reduce(0) { $0 + days(of: $1, in: year) }
    return before * 365 + leaps + months + day - 1 - 719_162
  }
}
