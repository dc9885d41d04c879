import System5Core
import System5Wire

/// The parameters of a query, each given once and known to the route.
struct Query: Sendable {
  private var values: [String: Text] = [:]

  init() {}

  /// - Parameter raw: what follows the question mark.
  init(_ raw: String?, allowed: Set<String>) throws(Problem) {
    for pair in (raw ?? "").split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Query.decode(parts[0]),
        let value = Query.decode(parts.count > 1 ? parts[1] : "")
      else { throw Problem(.badParameter, "The query is not well-formed percent-encoded UTF-8.") }
      guard allowed.contains(name.string) else { throw Query.unknown(name, allowed) }
      guard values.updateValue(value, forKey: name.string) == nil else {
        throw Problem(.badParameter, "The parameter \(name) is given twice.")
      }
    }
  }

  /// As forms are encoded: a plus sign stands for a space.
  private static func decode(_ text: Substring) -> Text? {
    PercentCoding.decode(Substring(text.replacing("+", with: "%20")))
  }

  private static func unknown(_ name: Text, _ allowed: Set<String>) -> Problem {
    let known = allowed.sorted().joined(separator: ", ")
    let hint = known.isEmpty ? "It takes none." : "It takes \(known)."
    return Problem(.badParameter, "There is no parameter \(name.string.prefix(64)) here. \(hint)")
  }

  subscript(name: String) -> Text? { values[name] }

  /// Without the one that only says how to answer.
  var canonical: [(name: String, value: Text)] {
    values.filter { $0.key != "forward" }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

/// Parameters by their kinds; each throws a sentence that says what it should have been.
extension Query {
  static let limits = 1...1000
  static let standardLimit = 100

  func limit() throws(Problem) -> Int {
    try integer("limit", Query.limits) ?? Query.standardLimit
  }

  func integer(_ name: String, _ range: ClosedRange<Int>) throws(Problem) -> Int? {
    try value(name, "a whole number from \(range.lowerBound) to \(range.upperBound)") {
      Int($0.string).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  func flag(_ name: String) throws(Problem) -> Bool? {
    try value(name, "true or false") { ["true": true, "false": false][$0.string] }
  }

  func time(_ name: String) throws(Problem) -> Timestamp? {
    try value(name, "a time of RFC 3339, such as 2026-11-23T08:00:00Z") {
      RFC3339.timestamp(of: $0.string.utf8)
    }
  }

  /// Within 0 … 1.
  func share(_ name: String) throws(Problem) -> Double? {
    try value(name, "a number from 0 to 1") {
      Double($0.string).flatMap { (0...1).contains($0) ? $0 : nil }
    }
  }

  func window() throws(Problem) -> Window {
    try value("range", "minute, hour, day, week, month or a whole number of seconds") {
      Query.window($0.string)
    } ?? .hour
  }

  private static func window(_ text: String) -> Window? {
    switch text {
    case "minute": return .minute
    case "hour": return .hour
    case "day": return .day
    case "week": return .week
    case "month": return .month
    default:
      guard let seconds = Int64(text), seconds > 0, seconds <= 315_360_000 else { return nil }
      return .seconds(seconds)
    }
  }

  private func value<Value>(
    _ name: String, _ wanted: String, _ read: (Text) -> Value?
  ) throws(Problem) -> Value? {
    guard let text = values[name] else { return nil }
    guard let value = read(text) else {
      throw Problem(.badParameter, "The parameter \(name) must be \(wanted).")
    }
    return value
  }
}
