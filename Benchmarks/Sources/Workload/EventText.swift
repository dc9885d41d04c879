import System5Core

/// Writes events by number: nothing is random but what a fixed generator draws.
///
/// First come all entities in turn, at one moment; then each event is about one drawn by chance, so
/// many in a millisecond.
public struct EventText {
  private static let start: Int64 = 1_795_420_800_000

  public let input: InputTopic
  public let shape: Shape
  /// If set, all events are of this kind and about the entities in turn.
  public var kind: EventKind?
  /// How often all entities come in turn before chance has a say.
  private let rounds: Int
  private var number = 0
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  public init(_ input: InputTopic, shape: Shape? = nil, rounds: Int = 1) {
    self.input = input
    self.shape = shape ?? Shape.usual(of: input)
    self.rounds = rounds
  }

  mutating func next() -> (key: String, value: String, milliseconds: Int64) {
    defer { number += 1 }
    let isInTurn = number < rounds * shape.count || kind != nil
    let turn = number % shape.count
    let entity = Entity(
      system: isInTurn ? turn % shape.systems : below(shape.systems),
      item: isInTurn ? turn / shape.systems : below(shape.items),
      round: number / shape.count)
    let (type, data) = kind?.content(entity) ?? mixed(entity, isFirst: number < shape.count)
    let later = max(0, number - rounds * shape.count) / shape.eventsPerMillisecond
    let milliseconds = EventText.start + Int64(later)
    let head = "{\"specversion\":\"1.0\",\"id\":\"\(identifier())\","
    let source = "\"source\":\"/plant/\(entity.system)/probes\",\"type\":\"system5.\(type)\","
    let time = "\"time\":\"\(time(milliseconds))\","
    return (
      "system-\(entity.system)", head + source + time + "\"data\":\(data)}", milliseconds
    )
  }

  private mutating func mixed(_ entity: Entity, isFirst: Bool) -> (type: String, data: String) {
    switch input {
    case .variety: variety(entity, isFirst: isFirst)
    case .adaptation: adaptation(entity, isFirst: isFirst)
    case .policy: policy(entity, isFirst: isFirst)
    }
  }

  /// Every source has a threshold; one in 200 measurements fires an alert, the next resolves it.
  private mutating func variety(
    _ entity: Entity, isFirst: Bool
  ) -> (type: String, data: String) {
    let source = "{\"source\":\"\(entity.source)\""
    if isFirst { return ("variety.threshold-set", source + ",\"threshold\":120}") }
    let value = below(200) == 0 ? 150 : below(100)
    return ("variety.measured", source + ",\"variety\":\(value).\(below(10))}")
  }

  /// Outcomes, one in ten with what is needed to store its adaptation.
  private mutating func adaptation(
    _ entity: Entity, isFirst: Bool
  ) -> (type: String, data: String) {
    var data = "{\"adaptation\":\"\(entity.adaptation)\",\"success\":\(below(4) > 0)"
    data += ",\"performance_impact\":0.\(below(10))"
    if isFirst || below(10) == 0 {
      data += ",\"anomaly_context\":{\"type\":\"latency\",\"region\":\"r\(entity.item % 5)\","
      data += "\"severity\":\(below(10))},\"policy_changes\":[\"scale_up\",\"change-\(below(4))\"]"
    }
    return ("adaptation.outcome-recorded", data + "}")
  }

  /// Policies of three fields: most events change one of them.
  private mutating func policy(
    _ entity: Entity, isFirst: Bool
  ) -> (type: String, data: String) {
    let policy = "{\"policy\":\"\(entity.policy)\""
    let limit = "\"limit\":\(below(1000))"
    switch isFirst ? 0 : below(10) {
    case 0:
      return (
        "policy.stored",
        "\(policy),\"data\":{\"type\":\"budget\",\(limit),\"owner\":\"team-\(below(9))\"}}"
      )
    case 1...2:
      return (
        "policy.effectiveness-recorded", "\(policy),\"usage_count\":1,\"success_count\":1}"
      )
    default: return ("policy.updated", "\(policy),\"data\":{\(limit)}}")
    }
  }

  private mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }

  private mutating func identifier() -> String {
    let digits = String(below(1 << 30), radix: 16)
    return padded(number, 8) + "-6f1d-4c5e-9b1a-" + String(repeating: "0", count: 12 - digits.count)
      + digits
  }

  private func time(_ milliseconds: Int64) -> String {
    let clock = Int(milliseconds - EventText.start)
    let (hour, minute) = (8 + clock / 3_600_000, clock / 60_000 % 60)
    let (second, fraction) = (clock / 1000 % 60, clock % 1000)
    return "2026-11-23T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
      + ".\(padded(fraction, 3))Z"
  }

  private func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
