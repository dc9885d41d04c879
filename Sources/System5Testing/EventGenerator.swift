/// Events of every kind as record lines, the same for the same seed: a few systems whose sources
/// wander over their thresholds, adaptations that recur, policies that change, some repeated, late,
/// refused and malformed records among them.
public struct EventGenerator {
  private var random: SplitMix64
  private let systems: Int
  private var second: Int64 = 1_763_884_800
  private var count = 0
  private var previous: String?

  /// The share of records that are malformed, in percent.
  public var malformedPercent = 1

  public init(seed: UInt64, systems: Int = 8) {
    random = SplitMix64(seed: seed)
    self.systems = systems
  }

  /// The next record line, without a line feed.
  public mutating func next() -> String {
    defer { count += 1 }
    second += Int64.random(in: 0...4, using: &random)
    let dice = Int.random(in: 0..<100, using: &random)
    if dice < malformedPercent { return malformed() }
    if dice < malformedPercent + 2, let previous { return previous }
    let line: String
    switch dice % 10 {
    case 0...5: line = variety()
    case 6...8: line = adaptation()
    default: line = policy()
    }
    previous = line
    return line
  }

  private mutating func event(_ topic: String, _ type: String, _ data: String) -> String {
    let system = "system-\(Int.random(in: 0..<systems, using: &random))"
    let late = Int.random(in: 0..<20, using: &random) == 0
    let time = second - (late ? Int64.random(in: 1...600, using: &random) : 0)
    return """
      {"topic":"system5.\(topic).events","timestamp":"\(rfc3339(time))","key":"\(system)",\
      "value":{"specversion":"1.0","id":"e-\(count)","source":"/generated",\
      "type":"\(type)","time":"\(rfc3339(time))","data":\(data)}}
      """
  }

  private mutating func variety() -> String {
    let source = pick(["environment", "market", "system", "agents", "queue", "teams"])
    switch Int.random(in: 0..<40, using: &random) {
    case 0:
      return event(
        "variety", "system5.variety.threshold-set",
        """
        {"source":"\(source)","threshold":\(Int.random(in: 90...150, using: &random)),\
        "recovery_threshold":\(Int.random(in: 60...90, using: &random)),\
        "for_seconds":\(pick([0, 0, 30]))}
        """)
    case 1:
      return event(
        "variety", "system5.variety.threshold-cleared", "{\"source\":\"\(source)\"}")
    case 2:
      return event(
        "variety", "system5.variety.amplified",
        "{\"amplifier\":\"a\",\"input_variety\":\(number()),\"output_variety\":\(number())}")
    case 3:
      return event(
        "variety", "system5.variety.attenuated",
        "{\"attenuator\":\"a\",\"input_variety\":0,\"output_variety\":\(number())}")
    default:
      return event(
        "variety", "system5.variety.measured",
        "{\"source\":\"\(source)\",\"variety\":\(number())}")
    }
  }

  private mutating func adaptation() -> String {
    let id = "adaptation-\(Int.random(in: 0..<400, using: &random))"
    let domain = pick(["web", "mobile"])
    switch Int.random(in: 0..<60, using: &random) {
    case 0:
      return event("adaptation", "system5.patterns.extraction-requested", "{\"min_occurrences\":2}")
    case 1:
      return event(
        "adaptation", "system5.knowledge.transfer-requested",
        "{\"from_domain\":\"web\",\"to_domain\":\"mobile\"}")
    case 2...30:
      return event(
        "adaptation", "system5.adaptation.stored",
        """
        {"adaptation":"\(id)","domain":"\(domain)","anomaly_context":\
        {"type":"t\(Int.random(in: 0..<3, using: &random))","severity":\(number())},\
        "policy_changes":["scale_up","change-\(Int.random(in: 0..<4, using: &random))"]}
        """)
    default:
      let success = Int.random(in: 0..<4, using: &random) > 0
      return event(
        "adaptation", "system5.adaptation.outcome-recorded",
        """
        {"adaptation":"\(id)","success":\(success),"performance_impact":0.\
        \(Int.random(in: 1...9, using: &random))}
        """)
    }
  }

  private mutating func policy() -> String {
    let id = "policy-\(Int.random(in: 0..<50, using: &random))"
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return event("policy", "system5.policy.deleted", "{\"policy\":\"\(id)\"}")
    case 1: return event("policy", "system5.policy.restored", "{\"policy\":\"\(id)\"}")
    case 2:
      return event(
        "policy", "system5.policy.rolled-back", "{\"policy\":\"\(id)\",\"to_version\":1}")
    case 3...5:
      return event(
        "policy", "system5.policy.updated",
        "{\"policy\":\"\(id)\",\"data\":{\"limit\":\(number()),\"rule\":null}}")
    default:
      return event(
        "policy", "system5.policy.stored",
        "{\"policy\":\"\(id)\",\"data\":{\"type\":\"budget\",\"rule\":\"\(number())\"}}")
    }
  }

  private mutating func malformed() -> String {
    let topic = "system5.\(pick(["policy", "adaptation", "variety"])).events"
    let timestamp = rfc3339(second)
    let head = "{\"topic\":\"\(topic)\",\"timestamp\":\"\(timestamp)\""
    let event = "\"specversion\":\"1.0\",\"id\":\"bad-\(count)\",\"source\":\"/generated\""
    switch Int.random(in: 0..<9, using: &random) {
    case 0: return head + ",\"value\":{\(event)}}"
    case 1: return head + ",\"key\":\"no spaces\",\"value\":{\(event)}}"
    case 2: return head + ",\"key\":\"system-0\"}"
    case 3: return head + ",\"key\":\"system-0\",\"value_base64\":\"eyJhIjox\"}"
    case 4: return head + ",\"key\":\"system-0\",\"value_base64\":\"/////w==\"}"
    case 5: return head + ",\"key\":\"system-1\",\"value\":[\(count)]}"
    case 6: return head + ",\"key\":\"system-1\",\"value\":{\(event),\"type\":\"x\",\"data\":{}}}"
    case 7:
      return head + ",\"key\":\"system-2\",\"value\":{\(event),"
        + "\"type\":\"system5.variety.measured\",\"data\":{\"source\":\"s\",\"variety\":-1}}}"
    default:
      return head + ",\"key\":\"system-2\",\"value\":{\(event),"
        + "\"type\":\"system5.variety.measured\",\"time\":\"2100-01-01T00:00:00Z\","
        + "\"data\":{\"source\":\"s\",\"variety\":1}}}"
    }
  }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &random)]
  }

  private mutating func number() -> String {
    let whole = Int.random(in: 0...200, using: &random)
    return Bool.random(using: &random) ? "\(whole)" : "\(whole).\(count % 10)5"
  }

  /// Days to calendar by Howard Hinnant's `civil_from_days`, for years after 1970.
  private func rfc3339(_ seconds: Int64) -> String {
    let days = seconds / 86_400 + 719_468
    let era = days / 146_097
    let dayOfEra = days % 146_097
    let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map(twoDigits)
    return "\(year + era * 400 + (month <= 2 ? 1 : 0))-\(twoDigits(month))-\(twoDigits(day))T"
      + clock.joined(separator: ":") + "Z"
  }

  private func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
