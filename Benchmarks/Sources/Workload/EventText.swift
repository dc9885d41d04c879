import System5Core

/// Writes events by number: nothing is random but what a fixed generator draws.
struct EventText {
  static let systems = 40
  private static let start: Int64 = 1_795_420_800_000
  private let input: InputTopic
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  init(_ input: InputTopic) { self.input = input }

  /// A millisecond passes from one event to the next.
  static func milliseconds(of number: Int) -> Int64 { start + Int64(number) }

  mutating func event(_ number: Int) -> (key: String, value: String) {
    let isFirst = number < EventText.systems * items
    let system = isFirst ? number % EventText.systems : below(EventText.systems)
    let item = isFirst ? number / EventText.systems : below(items)
    let (type, data) =
      switch input {
      case .variety: variety(system, item, isFirst: isFirst)
      case .adaptation: adaptation(system, item, isFirst: isFirst)
      case .policy: policy(item, isFirst: isFirst)
      }
    let head = "{\"specversion\":\"1.0\",\"id\":\"\(identifier(number))\","
    let source = "\"source\":\"/plant/\(system)/probes\",\"type\":\"system5.\(type)\","
    let time = "\"time\":\"\(time(EventText.milliseconds(of: number)))\","
    return ("system-\(system)", head + source + time + "\"data\":\(data)}")
  }

  /// How many sources, adaptations or policies a system has.
  private var items: Int { input == .adaptation ? 50 : 25 }

  /// Every source has a threshold; one in 200 measurements fires an alert, the next resolves it.
  private mutating func variety(
    _ system: Int, _ item: Int, isFirst: Bool
  ) -> (type: String, data: String) {
    let source = item == 0 ? "environment" : "probe-\(system)-\(item)"
    if isFirst { return ("variety.threshold-set", "{\"source\":\"\(source)\",\"threshold\":120}") }
    let value = below(200) == 0 ? 150 : below(100)
    return (
      "variety.measured", "{\"source\":\"\(source)\",\"variety\":\(value).\(below(10))}"
    )
  }

  /// Outcomes, one in ten with what is needed to store its adaptation.
  private mutating func adaptation(
    _ system: Int, _ item: Int, isFirst: Bool
  ) -> (type: String, data: String) {
    var data = "{\"adaptation\":\"adaptation-\(system)-\(item)\",\"success\":\(below(4) > 0)"
    data += ",\"performance_impact\":0.\(below(10))"
    if isFirst || below(10) == 0 {
      data += ",\"anomaly_context\":{\"type\":\"latency\",\"region\":\"r\(item % 5)\","
      data += "\"severity\":\(below(10))},\"policy_changes\":[\"scale_up\",\"change-\(below(4))\"]"
    }
    return ("adaptation.outcome-recorded", data + "}")
  }

  /// Policies of three fields: most events change one of them.
  private mutating func policy(_ item: Int, isFirst: Bool) -> (type: String, data: String) {
    let policy = "{\"policy\":\"policy-\(item)\""
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

  private mutating func identifier(_ number: Int) -> String {
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
