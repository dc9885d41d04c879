import System5Core

/// A kind of input event, or two that undo each other, by what it says of an entity.
public struct EventKind: Sendable {
  typealias Content = @Sendable (Entity) -> (type: String, data: String)

  public let input: InputTopic
  public let name: String
  let content: Content

  private init(_ input: InputTopic, _ name: String, _ content: @escaping Content) {
    self.input = input
    self.name = name
    self.content = content
  }

  public static let all = policies + adaptations + variety

  private static let policies = [
    EventKind(.policy, "stored") {
      let data = "{\"type\":\"budget\",\"limit\":\($0.round),\"owner\":\"team-\($0.item % 9)\"}"
      return ("policy.stored", "{\"policy\":\"\($0.policy)\",\"data\":\(data)}")
    },
    EventKind(.policy, "updated") {
      ("policy.updated", "{\"policy\":\"\($0.policy)\",\"data\":{\"limit\":\($0.round)}}")
    },
    // Always to the version in force: it is the only one that is surely kept.
    EventKind(.policy, "rolled-back") {
      ("policy.rolled-back", "{\"policy\":\"\($0.policy)\",\"to_version\":\($0.round)}")
    },
    EventKind(.policy, "deleted-restored") {
      ($0.round % 2 == 1 ? "policy.deleted" : "policy.restored", "{\"policy\":\"\($0.policy)\"}")
    },
    EventKind(.policy, "effectiveness-recorded") {
      let counts = "\"usage_count\":1,\"success_count\":1"
      return ("policy.effectiveness-recorded", "{\"policy\":\"\($0.policy)\",\(counts)}")
    },
  ]

  private static let adaptations = [
    EventKind(.adaptation, "stored") {
      let region = "\"region\":\"r\($0.item % 5)\",\"severity\":\($0.round % 10)"
      let context = "{\"type\":\"latency\",\(region)}"
      let changes = "[\"scale_up\",\"change-\($0.item % 4)\"]"
      return (
        "adaptation.stored",
        "{\"adaptation\":\"\($0.adaptation)\",\"anomaly_context\":\(context),"
          + "\"policy_changes\":\(changes)}"
      )
    },
    EventKind(.adaptation, "outcome-recorded") {
      let outcome = "\"success\":\($0.round % 4 > 0),\"performance_impact\":0.\($0.item % 10)"
      return (
        "adaptation.outcome-recorded", "{\"adaptation\":\"\($0.adaptation)\",\(outcome)}"
      )
    },
    EventKind(.adaptation, "learned") {
      let trigger = "\"trigger_conditions\":{\"type\":\"latency\"}"
      let rest = "\(trigger),\"recommended_actions\":[\"scale_up\"]"
      return (
        "pattern.learned", "{\"pattern\":\"learned-\($0.item)\",\"confidence\":0.5,\(rest)}"
      )
    },
    EventKind(.adaptation, "extraction-requested") { _ in
      ("patterns.extraction-requested", "{}")
    },
    EventKind(.adaptation, "transfer-requested") { _ in
      ("knowledge.transfer-requested", "{\"from_domain\":\"general\",\"to_domain\":\"other\"}")
    },
  ]

  private static let variety = [
    EventKind(.variety, "measured") {
      ("variety.measured", "{\"source\":\"\($0.source)\",\"variety\":\($0.round % 100).5}")
    },
    EventKind(.variety, "amplified") {
      let conversion = "\"input_variety\":10,\"output_variety\":\($0.round % 100)"
      return ("variety.amplified", "{\"amplifier\":\"\($0.source)\",\(conversion)}")
    },
    EventKind(.variety, "attenuated") {
      let conversion = "\"input_variety\":100,\"output_variety\":\($0.round % 100)"
      return ("variety.attenuated", "{\"attenuator\":\"\($0.source)\",\(conversion)}")
    },
    EventKind(.variety, "threshold-set-cleared") {
      $0.round % 2 == 0
        ? ("variety.threshold-set", "{\"source\":\"\($0.source)\",\"threshold\":120}")
        : ("variety.threshold-cleared", "{\"source\":\"\($0.source)\"}")
    },
  ]
}
