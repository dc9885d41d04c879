import System5Wire

/// What has to follow from a record, before the ids are known that the program under test chose.
public struct ReferenceResult: Sendable {
  enum Content: Sendable {
    case event(type: String, time: ReferenceTime, data: [ReferenceWord: ReferenceValue])
    case tombstone
    case deadLetter(code: String, record: RecordLine)
  }

  /// Results whose order rests on ids: by domain, then id, within one block of one record.
  struct Place: Sendable {
    var block: Int
    var domain: ReferenceWord
    var id: ReferenceWord
  }

  var topic: OutputKind
  var system: ReferenceWord
  /// The pattern or alert it is about, by the model's name.
  var about: ReferenceWord?
  var content: Content
  var place: Place?

  /// Topic, partition and offset of the causing record, and the id of its event.
  var origin = Position(topicName: "", partition: 0, offset: 0)
  var cause: ReferenceWord = ""
}

/// Why a record is a dead letter: the code.
struct ReferenceRefusal: Error {
  var code: String

  init(_ code: String) { self.code = code }

  static let invalidData = ReferenceRefusal("invalid-data")
  static let notCloudEvent = ReferenceRefusal("not-cloudevent")
}
