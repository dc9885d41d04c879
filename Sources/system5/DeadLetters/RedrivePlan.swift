import Kafka
import System5Core
import System5Wire

/// Which records go back where. Pure.
struct RedrivePlan {
  static let header = "__system5.redriven"

  /// In the order of the original positions.
  private(set) var records: [RecordLine] = []
  /// Letters that name a place that is no partition of an input topic here.
  private(set) var homeless: [DeadLetterRecord] = []

  /// - Parameters:
  ///   - partitionCounts: of the input topics, in full.
  ///   - keepsTimestamps: whether records are as old as they were, or as new as their return.
  init(
    _ letters: [DeadLetterRecord], partitionCounts: [String: Int32], keepsTimestamps: Bool
  ) {
    for letter in letters.sorted(by: { $0.origin.position < $1.origin.position }) {
      let place = letter.origin.position
      if (0..<(partitionCounts[place.topicName] ?? 0)).contains(place.partition) {
        records.append(Self.record(letter, keepsTimestamp: keepsTimestamps))
      } else {
        homeless.append(letter)
      }
    }
  }

  /// The record as it was received, with where it comes from this time. A header of an earlier
  /// return stays, before ours.
  private static func record(_ letter: DeadLetterRecord, keepsTimestamp: Bool) -> RecordLine {
    let headers = letter.line.headers.filter { !$0.name.hasPrefix(LetterOrigin.headerPrefix) }
    return RecordLine(
      topic: letter.origin.position.topicName, partition: letter.origin.position.partition,
      timestampMilliseconds: keepsTimestamp ? letter.origin.timestamp : nil,
      key: letter.line.key, headers: headers + [RawHeader(header, text: letter.position.text)],
      value: letter.line.value)
  }
}
