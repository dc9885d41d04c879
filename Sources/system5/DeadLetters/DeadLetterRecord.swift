import System5Core
import System5Wire

/// A record of the dead letters' topic, with what its headers say of the record it was.
struct DeadLetterRecord {
  let line: RecordLine
  let origin: LetterOrigin

  /// nil for a record that does not say where it came from, which no worker has put there.
  init?(_ line: RecordLine) {
    guard let origin = LetterOrigin(line.headers) else { return nil }
    self.line = line
    self.origin = origin
  }

  /// Where it lies now.
  var position: Position {
    Position(topicName: line.topic, partition: line.partition ?? 0, offset: line.offset ?? 0)
  }

  /// One line for people.
  var tableLine: String {
    let time = origin.timestamp.map { RFC3339.text(of: Timestamp(milliseconds: $0)) } ?? "-"
    let key = line.key.map { String(decoding: $0.prefix(128), as: UTF8.self) } ?? "-"
    return [
      position.text, origin.position.text, time, origin.code.padded(18), key, origin.message,
    ].joined(separator: "  ").printable
  }
}
