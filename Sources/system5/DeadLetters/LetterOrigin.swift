import System5Core
import System5Wire

/// What a dead letter's headers say of the record it was.
struct LetterOrigin: Hashable {
  static let headerPrefix = "__system5.errors."

  let position: Position
  let code: String
  let message: String
  /// Milliseconds since 1970; nil where the record had none.
  let timestamp: Int64?

  /// The last header of each name counts: a record may bring headers of that name along.
  init?(_ headers: [RawHeader]) {
    func text(_ name: String) -> String? { headers.text(Self.headerPrefix + name) }
    guard let topic = text("topic"), let partition = text("partition").flatMap({ Int32($0) }),
      let offset = text("offset").flatMap({ Int64($0) }), let code = text("code")
    else { return nil }
    position = Position(topicName: topic, partition: partition, offset: offset)
    self.code = code
    message = text("message") ?? ""
    timestamp = text("timestamp").flatMap { Int64($0) }.flatMap { $0 < 0 ? nil : $0 }
  }
}
