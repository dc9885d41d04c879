import System5Core
import System5Wire

/// Which dead letters are meant. What is nil does not matter.
struct LetterFilter: Equatable {
  var codes: Set<String> = []
  /// The original topic, in full.
  var topic: String?
  var partition: Int32?
  var key: [UInt8]?
  /// Of the original timestamp: at or after, and before.
  var after: Timestamp?
  var before: Timestamp?
  /// Of the original offset: at or after, and before.
  var fromOffset: Int64?
  var untilOffset: Int64?

  func contains(_ letter: DeadLetterRecord) -> Bool {
    let origin = letter.origin
    return (codes.isEmpty || codes.contains(origin.code))
      && topic.map { $0 == origin.position.topicName } ?? true
      && partition.map { $0 == origin.position.partition } ?? true
      && key.map { $0 == letter.line.key } ?? true
      && fromOffset.map { origin.position.offset >= $0 } ?? true
      && untilOffset.map { origin.position.offset < $0 } ?? true
      && isInTime(origin.timestamp)
  }

  /// A record without a timestamp is in no span of time.
  private func isInTime(_ milliseconds: Int64?) -> Bool {
    if after == nil, before == nil { return true }
    guard let time = milliseconds.map(Timestamp.init(milliseconds:)) else { return false }
    return after.map { time >= $0 } ?? true && before.map { time < $0 } ?? true
  }
}
