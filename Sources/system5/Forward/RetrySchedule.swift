import System5Core

/// When what failed is tried again: waits that double, with full jitter, so that those who failed
/// together do not come back together.
struct RetrySchedule: Equatable, Sendable {
  var first = Timestamp.Span(seconds: 0.5)
  var longest = Timestamp.Span.seconds(60)
  /// The longest that a receiver may ask for.
  var longestAsked = Timestamp.Span.minutes(15)

  /// - Parameters:
  ///   - failures: how often it has failed, 1 or more.
  ///   - asked: for how long the receiver wants to be left alone.
  ///   - chance: from 0 to 1.
  func wait(after failures: Int, asked: Timestamp.Span?, chance: Double) -> Timestamp.Span {
    let doublings = Double(max(0, min(failures - 1, 30)))
    var bound = first.seconds
    for _ in 0..<Int(doublings) where bound < longest.seconds { bound *= 2 }
    let jittered = Timestamp.Span(seconds: min(bound, longest.seconds) * max(0, min(1, chance)))
    guard let asked else { return jittered }
    return max(jittered, min(asked, longestAsked))
  }
}
