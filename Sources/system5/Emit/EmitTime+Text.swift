import System5Core

extension EmitTime {
  /// RFC 3339 in UTC, with as many digits of a second as the time has.
  static func text(of time: Timestamp) -> String {
    let second = time.boundary(of: .seconds(1))
    let day = time.boundary(of: .days(1))
    let (year, month, dayOfMonth) = civil(day.microseconds / 86_400_000_000)
    let secondOfDay = (second.microseconds - day.microseconds) / 1_000_000
    let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
    let clock = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60]
      .map { padded($0, 2) }.joined(separator: ":")
    return "\(date)T\(clock)\(fraction(time.microseconds - second.microseconds))Z"
  }

  private static func fraction(_ microseconds: Int64) -> String {
    if microseconds == 0 { return "" }
    if microseconds % 1000 == 0 { return "." + padded(microseconds / 1000, 3) }
    return "." + padded(microseconds, 6)
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// The date of a day counted since 1970, with years that begin in March.
  private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}
