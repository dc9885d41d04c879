import System5Core
import System5Wire

/// Which result a record of a result topic is: whose result, and which of its results.
struct ResultID: Hashable {
  enum Part: Hashable {
    case event(Int)
    /// What follows the event of a retired pattern.
    case tombstone(Int)
    case deadLetter
  }

  let cause: Position
  let part: Part

  init(cause: Position, part: Part) {
    self.cause = cause
    self.part = part
  }

  /// nil for what does not name its cause as our results do.
  init?(
    _ output: OutputKind, headers: [RawHeader], value: [UInt8]?, parser: JSONParser
  ) {
    if output == .deadLetters {
      guard let cause = LetterOrigin(headers)?.position else { return nil }
      self.init(cause: cause, part: .deadLetter)
    } else if value == nil {
      guard let id = headers.text("__system5.id"), let (cause, number) = Self.parse(id)
      else { return nil }
      self.init(cause: cause, part: .tombstone(number))
    } else {
      guard let value, let id = parser.object(value)?["id"]?.text,
        let (cause, number) = Self.parse(id)
      else { return nil }
      self.init(cause: cause, part: .event(number))
    }
  }

  /// `{topic}-{partition}@{offset}#{n}`; a topic's name may hold `-` too.
  static func parse(_ id: String) -> (Position, Int)? {
    guard let hash = id.lastIndex(of: "#"), let number = Int(id[hash...].dropFirst()),
      let cause = Position(String(id[..<hash]))
    else { return nil }
    return (cause, number)
  }
}

extension Position {
  /// `{topic}-{partition}@{offset}`.
  init?(_ text: String) {
    guard let at = text.lastIndex(of: "@"), let offset = Int64(text[at...].dropFirst()),
      let dash = text[..<at].lastIndex(of: "-"),
      let partition = Int32(text[text.index(after: dash)..<at])
    else { return nil }
    self.init(topicName: String(text[..<dash]), partition: partition, offset: offset)
  }

  var text: String { "\(topicName)-\(partition)@\(offset)" }
}
