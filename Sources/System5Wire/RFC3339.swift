import System5Core

/// RFC 3339 timestamps, without a calendar from outside.
public enum RFC3339 {
  /// UTC, with no, 3 or 6 digits of fraction, whichever is the least that says it all. A time
  /// outside the years 0000 … 9999, which the format cannot say, is held to the nearest it can.
  public static func text(of time: Timestamp) -> String {
    let held = min(max(time, earliest), latest)
    let (seconds, micros) = floored(held.microseconds, by: 1_000_000)
    let (days, clock) = floored(seconds, by: 86_400)
    let date = CivilDate(days: days)
    var text: [UInt8] = []
    text.reserveCapacity(27)
    text.appendPair(date.year / 100)
    text.appendPair(date.year % 100, "-")
    text.appendPair(date.month, "-")
    text.appendPair(date.day, "T")
    text.appendPair(clock / 3600, ":")
    text.appendPair(clock / 60 % 60, ":")
    text.appendPair(clock % 60)
    if micros != 0 { text.appendFraction(micros) }
    text.append(UInt8(ascii: "Z"))
    return String(decoding: text, as: UTF8.self)
  }

  /// Any offset; digits beyond microseconds are cut; a leap second counts as the second after it.
  /// Returns nil for what is no timestamp, or is outside the years 0000 … 9999 in UTC.
  public static func timestamp(of text: some Sequence<UInt8>) -> Timestamp? {
    text.withContiguousStorageIfAvailable { timestamp(in: $0) }
      ?? Array(text).withUnsafeBufferPointer { timestamp(in: $0) }
  }

  private static func timestamp(in bytes: UnsafeBufferPointer<UInt8>) -> Timestamp? {
    if let time = UsualTimestamp.timestamp(in: UnsafeRawBufferPointer(bytes)) { return time }
    var scanner = TimestampScanner(bytes: bytes)
    guard let time = scanner.timestamp(), time >= earliest, time <= latest else { return nil }
    return time
  }

  /// 0000-01-01T00:00:00Z.
  static let earliest = Timestamp(seconds: -62_167_219_200)
  /// 9999-12-31T23:59:59.999999Z.
  static let latest = Timestamp(microseconds: 253_402_300_799_999_999)

  private static func floored(_ value: Int64, by divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

extension [UInt8] {
  /// Two digits, and what comes behind them.
  fileprivate mutating func appendPair(_ value: Int64, _ mark: Unicode.Scalar? = nil) {
    appendDigit(value / 10)
    appendDigit(value % 10)
    if let mark { append(UInt8(ascii: mark)) }
  }

  fileprivate mutating func appendFraction(_ micros: Int64) {
    append(UInt8(ascii: "."))
    appendDigit(micros / 100_000)
    appendPair(micros / 1000 % 100)
    if micros % 1000 == 0 { return }
    appendDigit(micros / 100 % 10)
    appendPair(micros % 100)
  }

  private mutating func appendDigit(_ digit: Int64) {
    append(UInt8(truncatingIfNeeded: 0x30 + digit))
  }
}

/// A day of the proleptic Gregorian calendar.
///
/// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
struct CivilDate {
  let year: Int64
  let month: Int64
  let day: Int64

  init(year: Int64, month: Int64, day: Int64) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// - Parameter days: since 1970-01-01, of the years 0000 … 9999.
  init(days: Int64) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let century = dayOfEra / 36_524 - dayOfEra / 146_096
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + century) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Since 1970-01-01.
  var days: Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  var isReal: Bool { (1...12).contains(month) && day >= 1 && day <= daysInMonth }

  var daysInMonth: Int64 {
    switch month {
    case 2: isLeapYear ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private var isLeapYear: Bool {
    year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
  }
}

/// `2026-11-23T08:00:00Z`, with or without a fraction: the form that nearly all timestamps have, read
/// eight bytes at a time. To read it byte by byte took a twentieth of the event path.
private enum UsualTimestamp {
  /// nil for any other form, be it a timestamp or none.
  static func timestamp(in bytes: UnsafeRawBufferPointer) -> Timestamp? {
    guard bytes.count >= 20, bytes[bytes.count - 1] == UInt8(ascii: "Z"),
      let date = Eight(.yearMonth, bytes, at: 0), let clock = Eight(.dayClock, bytes, at: 8),
      bytes[16] == UInt8(ascii: ":"), let tens = digit(bytes[17]), let ones = digit(bytes[18]),
      let micros = fraction(UnsafeRawBufferPointer(rebasing: bytes[19..<bytes.count - 1]))
    else { return nil }
    let day = CivilDate(
      year: date.number(0) * 100 + date.number(2), month: date.number(5), day: clock.number(0))
    let (hour, minute, second) = (clock.number(3), clock.number(6), tens * 10 + ones)
    guard day.isReal, hour < 24, minute < 60, second < 60 else { return nil }
    let seconds = day.days * 86_400 + hour * 3600 + minute * 60 + second
    return Timestamp(microseconds: seconds * 1_000_000 + micros)
  }

  private static func digit(_ byte: UInt8) -> Int64? {
    (0x30...0x39).contains(byte) ? Int64(byte) - 0x30 : nil
  }

  /// - Parameter bytes: from the point on; none where there is no fraction.
  private static func fraction(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    if bytes.isEmpty { return 0 }
    guard bytes[0] == UInt8(ascii: "."), (2...7).contains(bytes.count) else { return nil }
    var micros: Int64 = 0
    for index in 1...6 {
      guard index < bytes.count else {
        micros *= 10
        continue
      }
      guard let digit = digit(bytes[index]) else { return nil }
      micros = micros * 10 + digit
    }
    return micros
  }

  /// Eight bytes that look like a pattern in which `0` stands for any digit.
  private struct Eight {
    /// The digits' values, the first in the lowest byte.
    private let values: UInt64

    @inline(__always)
    init?(_ pattern: Pattern, _ bytes: UnsafeRawBufferPointer, at offset: Int) {
      let found = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      values = UInt64(littleEndian: found) ^ pattern.bytes
      // Whatever is larger than it may be reaches the highest bit of its byte.
      let excess = (values &+ pattern.headroom) | values
      guard excess & 0x8080_8080_8080_8080 == 0 else { return nil }
    }

    @inline(__always)
    func number(_ index: Int) -> Int64 {
      let pair = values >> UInt64(index * 8)
      return Int64((pair & 0xFF) * 10 + (pair >> 8 & 0xFF))
    }
  }

  /// The characters in order from the lowest byte, and what each may still grow by: a digit by 9 and
  /// anything else by nothing, up to 127.
  private struct Pattern {
    let bytes: UInt64
    let headroom: UInt64

    /// `0000-00-`
    static let yearMonth = Pattern(bytes: 0x2D30_302D_3030_3030, headroom: 0x7F76_767F_7676_7676)
    /// `00T00:00`
    static let dayClock = Pattern(bytes: 0x3030_3A30_3054_3030, headroom: 0x7676_7F76_767F_7676)
  }
}

/// Reads one timestamp from front to back.
private struct TimestampScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0

  mutating func timestamp() -> Timestamp? {
    guard let date = date(), take("T", "t"), let clock = clock() else { return nil }
    guard let micros = fraction(), let offset = offset(), position == bytes.count else {
      return nil
    }
    let minute = date.days * 86_400 + clock.minuteStart - offset
    if clock.second == 60 && !endsMonth(minute) { return nil }
    return Timestamp(microseconds: (minute + clock.second) * 1_000_000 + micros)
  }

  /// Leap seconds come at the end of a month in UTC.
  private func endsMonth(_ minute: Int64) -> Bool {
    let following = minute + 60
    return following.isMultiple(of: 86_400) && CivilDate(days: following / 86_400).day == 1
  }

  private mutating func date() -> CivilDate? {
    guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2)
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    return date.isReal ? date : nil
  }

  private mutating func clock() -> (minuteStart: Int64, second: Int64)? {
    guard let hour = digits(2), take(":"), let minute = digits(2), take(":"),
      let second = digits(2), hour < 24, minute < 60, second <= 60
    else { return nil }
    return (hour * 3600 + minute * 60, second)
  }

  private mutating func fraction() -> Int64? {
    guard take(".") else { return 0 }
    var micros: Int64 = 0
    var count = 0
    while let digit = digit() {
      if count < 6 { micros = micros * 10 + digit }
      count += 1
    }
    if count == 0 { return nil }
    for _ in 0..<max(0, 6 - count) { micros *= 10 }
    return micros
  }

  /// In seconds east of UTC.
  private mutating func offset() -> Int64? {
    if take("Z", "z") { return 0 }
    let isEast = take("+")
    guard isEast || take("-"), let hours = digits(2), take(":"), let minutes = digits(2),
      hours < 24, minutes < 60
    else { return nil }
    return (isEast ? 1 : -1) * (hours * 3600 + minutes * 60)
  }

  private mutating func digits(_ count: Int) -> Int64? {
    guard bytes.count - position >= count else { return nil }
    var value: Int64 = 0
    for byte in bytes[position..<position + count] {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int64(byte) - 0x30
    }
    position += count
    return value
  }

  private mutating func digit() -> Int64? {
    guard position < bytes.count, (0x30...0x39).contains(bytes[position]) else { return nil }
    position += 1
    return Int64(bytes[position - 1]) - 0x30
  }

  private mutating func take(_ choice: Unicode.Scalar) -> Bool { take(choice, choice) }

  private mutating func take(_ one: Unicode.Scalar, _ other: Unicode.Scalar) -> Bool {
    guard position < bytes.count else { return false }
    let scalar = Unicode.Scalar(bytes[position])
    guard scalar == one || scalar == other else { return false }
    position += 1
    return true
  }
}
