import System5Core
import System5Wire

/// One thing that is published as it should not be.
struct VerifyDifference: Equatable {
  enum Kind: String {
    /// Not there, and it should be.
    case missing
    /// There, and nothing gives it.
    case surplus
    /// There, with another content.
    case changed
    /// There twice, with two contents.
    case contradicting
    /// There, and it names no input record of this deployment.
    case foreign
  }

  /// The input record that is, or is said to be, the cause; of a foreign one the record itself.
  let cause: Position
  let topic: String
  let kind: Kind
  let detail: String

  var line: String { "\(cause.text): \(kind.rawValue) in \(topic): \(detail)" }

  var json: JSONValue {
    [
      "kind": .string(Text(kind.rawValue)), "topic": .string(Text(topic)),
      "cause": .string(Text(cause.text)), "detail": .string(Text(detail)),
    ]
  }
}

/// What came of a comparison.
struct VerifyCounts: Equatable {
  var records = 0
  var equal = 0
  var differences = 0
  var repeated = 0
  /// Missing where retention or compaction may have taken them.
  var notHeld = 0
  /// Missing, but their cause is not committed yet.
  var notCommitted = 0

  /// Of repeats nothing follows, so they are said only if there are any.
  var line: String {
    var parts = [
      "\(equal) results are as derived from \(records) records",
      differences == 1 ? "1 difference" : "\(differences) differences",
    ]
    if repeated > 0 { parts.append("\(repeated) repeats") }
    if notHeld > 0 { parts.append("\(notHeld) no longer held") }
    if notCommitted > 0 { parts.append("\(notCommitted) not committed yet") }
    return parts.joined(separator: ", ")
  }
}
