import System5Core
import System5Wire

/// Records that go through the whole contract, the same for the same seed: every event type and
/// every code of a dead letter; late, repeated and future-dated events, times on boundaries and
/// long silences; few ids, so that they meet; and fields overwritten at random.
///
/// ``rules`` has limits so low that they are met.
public struct ContractGenerator {
  var random: SplitMix64
  private var micros: Int64
  private let pace: Int64
  /// What most events are about: policies, adaptations, variety, or all alike.
  private let focus: Int
  private var count = 0
  private var offsets: [String: Int64] = [:]
  private var history: [RecordLine] = []

  public static var rules: Rules {
    var rules = Rules()
    rules.limits.policies = 6
    rules.limits.adaptations = 14
    rules.limits.sources = 7
    rules.redeliveryWindow = 48
    return rules
  }

  public init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    pace = [2, 20, 120][Int(seed % 3)]
    focus = Int(seed % 4)
    micros = (1_795_420_800 + Int64(seed) * 86_400) * 1_000_000
  }

  public mutating func next() -> RecordLine {
    defer { count += 1 }
    advance()
    var line: RecordLine
    if chance(25), let earlier = history.randomElement(using: &random) {
      line = earlier
      if chance(2) { line.timestampMilliseconds = milliseconds }
    } else {
      line = chance(20) ? malformed() : wellFormed()
    }
    let log = "\(line.topic)-\(line.partition ?? 0)"
    line.offset = offsets[log, default: 0]
    offsets[log, default: 0] += chance(30) ? 3 : 1
    history = (history + [line]).suffix(40)
    return line
  }

  /// Mostly a little; at times to a boundary, over one, or far.
  private mutating func advance() {
    switch pick(Array(0..<60)) {
    case 0: micros = (micros / 900_000_000 + 1) * 900_000_000
    case 1: micros = (micros / 1_800_000_000 + 1) * 1_800_000_000
    case 2: micros += 30_000_000
    case 3: micros += Int64.random(in: 0...1_800_000_000, using: &random)
    case 4: micros += 1
    case 5 where chance(5): micros += Int64.random(in: 0...1_000_000_000_000, using: &random)
    case 6...14: break
    default: micros += Int64.random(in: 0...pace, using: &random) * 1_000_000
    }
  }

  private var milliseconds: Int64 { micros / 1000 }
}

// MARK: - Choices

extension ContractGenerator {
  /// One in so many.
  mutating func chance(_ many: Int) -> Bool { Int.random(in: 0..<many, using: &random) == 0 }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &random)]
  }

  /// A number that meets others: most are quarters.
  mutating func number() -> String {
    switch pick(Array(0..<40)) {
    case 0: pick(["0", "-0", "0.0", "1e-20", "1e100", "1E+2", "99999.999e-3"])
    case 1...4: "\(pick(Array(0...40)))"
    case 5...8: "\(pick(Array(0...200))).\(pick(Array(0...99)))"
    case 9...10: "100"
    case 11...12: pick(["50", "80", "120", "150"])
    default: "\(pick(Array(0...200))).\(pick(["0", "25", "5", "75"]))"
    }
  }

  mutating func drifting() -> String {
    let quarters = micros / 900_000_000
    let share = micros % 14_400_000_000 / 1_000_000
    let steepness = [-20, 45, 70, 55][Int(quarters / 16 % 4)] as Int64
    return "\(100_000 + share * steepness * 1000 / 3600 + Int64(pick(Array(0...900))))e-3"
  }

  mutating func text(_ string: String) -> String { "\"\(string)\"" }
}

// MARK: - Events

/// The members of a JSON object as text, in order.
typealias Fields = [(name: String, text: String)]

extension ContractGenerator {
  static func object(_ fields: Fields) -> String {
    "{" + fields.map { "\"\($0.name)\":\($0.text)" }.joined(separator: ",") + "}"
  }

  private mutating func wellFormed() -> RecordLine {
    let (type, data) = event()
    return record(type, data)
  }

  mutating func event() -> (type: String, data: Fields) {
    switch chance(4) || focus == 3 ? pick([0, 1, 2]) : focus {
    case 0: policy()
    case 1: adaptation()
    default: variety()
    }
  }

  mutating func record(_ type: String, _ data: Fields) -> RecordLine {
    let topic =
      switch type.split(separator: ".")[1] {
      case "policy": "policy"
      case "variety": "variety"
      default: "adaptation"
      }
    return record(on: topic, envelope(type), data: ContractGenerator.object(data))
  }

  private mutating func envelope(_ type: String) -> Fields {
    var fields: Fields = [
      ("specversion", "\"1.0\""), ("id", text("e-\(count)")), ("source", text("/generated")),
      ("type", text(type)),
    ]
    if let time = time() { fields.append(("time", text(time))) }
    return fields
  }

  mutating func record(on topic: String, _ envelope: Fields, data: String) -> RecordLine {
    let system = pick([0, 0, 0, 0, 0, 1, 2, 3])
    var line = RecordLine(
      topic: "system5.\(topic).events", partition: Int32(system % 3),
      timestampMilliseconds: milliseconds, key: Array(["a", "b:1", "c.d_E-9", "d"][system].utf8))
    if chance(12) {
      line.headers = envelope.map {
        RawHeader("ce_\($0.name)", Array($0.text.utf8.dropFirst().dropLast()))
      }
      if !chance(3) { line.headers.append(RawHeader("Content-Type", text: "application/json")) }
      line.value = Array(data.utf8)
    } else {
      line.value = Array(ContractGenerator.object(envelope + [("data", data)]).utf8)
      if chance(10) {
        let type = "application/cloudevents+json; charset=UTF-8"
        line.headers = [RawHeader("content-type", text: type)]
      } else if chance(10) {
        line.headers = [RawHeader("ce_specversion", text: "1.0"), RawHeader("trace", nil)]
      }
    }
    return line
  }

  /// nil: the record's timestamp counts.
  private mutating func time() -> String? {
    let minute: Int64 = 60_000_000
    switch pick(Array(0..<60)) {
    case 0: return nil
    case 1...5: return rfc3339(micros - Int64.random(in: 0...7_200_000_000, using: &random))
    case 6: return rfc3339(micros - 7 * 1440 * minute)
    case 7: return rfc3339(micros - 8 * 1440 * minute)
    case 8: return rfc3339(micros / 1000 * 1000 + 5 * minute)
    case 9: return rfc3339(micros / 1000 * 1000 + 5 * minute + 1)
    default: return rfc3339(micros)
    }
  }

  private mutating func rfc3339(_ micros: Int64) -> String {
    let offset = chance(10) ? pick([-330, 60, 345] as [Int64]) : 0
    let text = RFC3339.text(of: Timestamp(microseconds: micros + offset * 60_000_000))
    guard offset != 0 else { return text }
    let minutes = abs(offset)
    let zone = [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return text.dropLast() + (offset < 0 ? "-" : "+") + zone.joined(separator: ":")
  }
}
