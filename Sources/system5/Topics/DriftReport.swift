import System5Core
import System5Wire

/// What records were found to be otherwise than the contract says, by who sent them.
struct DriftReport {
  struct Subject: Hashable, Comparable {
    let source: String
    let topic: String
    let code: String

    static func < (left: Subject, right: Subject) -> Bool {
      (left.source, left.topic, left.code) < (right.source, right.topic, right.code)
    }
  }

  struct Drift: Equatable {
    var count = 0
    let example: Position
    let message: String
  }

  /// For records that do not say who sent them.
  static let unknown = "(unknown)"

  private(set) var sampled = 0
  private(set) var drifts: [Subject: Drift] = [:]

  var count: Int { drifts.values.reduce(0) { $0 + $1.count } }

  mutating func note(_ line: RecordLine, _ breach: RecordContract.Breach?) {
    sampled += 1
    guard let breach else { return }
    let subject = Subject(
      source: RecordContract.source(of: line) ?? Self.unknown, topic: line.topic,
      code: breach.code)
    let position = Position(
      topicName: line.topic, partition: line.partition ?? 0, offset: line.offset ?? 0)
    drifts[subject, default: Drift(example: position, message: breach.message)].count += 1
  }

  var lines: [String] {
    drifts.sorted { $0.key < $1.key }.map { subject, drift in
      "drift    \(subject.topic)  \(subject.source)  \(subject.code)  \(drift.count)  "
        + "\(drift.example.text): \(drift.message)".printable
    }
  }

  var json: [JSONValue] {
    drifts.sorted { $0.key < $1.key }.map { subject, drift in
      [
        "kind": "record", "topic": .string(Text(subject.topic)),
        "source": .string(Text(subject.source)), "code": .string(Text(subject.code)),
        "count": .number(JSONNumber(Int64(drift.count))),
        "example": [
          "position": .string(Text(drift.example.text)), "message": .string(Text(drift.message)),
        ],
      ]
    }
  }
}

extension TopicCheck.Finding {
  var line: String { "differs  \(topic)  \(problem)" }

  var json: JSONValue {
    ["kind": "topic", "topic": .string(Text(topic)), "problem": .string(Text(problem))]
  }
}
