import System5Core

/// Stores of one system, the same each time.
enum Population {
  static let system: Text = "plant"
  static let end = Timestamp(seconds: start + 80_000)
  static let question: JSONObject = [
    "load": 40, "region": "region-3", "severity": "high", "type": "latency",
  ]
  private static let start: Int64 = 1_795_420_800

  static func policy(_ number: Int) -> Text { Text("policy-\(number)") }

  /// Of three fields, with two versions.
  static func policies(_ count: Int) -> PolicyStore {
    var store = PolicyStore()
    for number in 0..<count {
      let id = policy(number)
      let data: JSONObject = [
        "limit": integer(number), "owner": .string(Text("team-\(number % 100)")),
        "type": "resource_allocation",
      ]
      let metadata: JSONObject = ["author": "Operations", "ticket": integer(number)]
      let time = Timestamp(seconds: start)
      _ = try? store.storePolicy(id, data: data, metadata: metadata, system: system, at: time)
      let patch: JSONObject = ["limit": integer(number % 1000)]
      _ = try? store.updatePolicy(id, data: patch, system: system, at: time)
    }
    return store
  }

  /// 500 groups, some of them patterns at once; the others' outcomes spread over 101 grades.
  static func adaptations(_ count: Int) -> AdaptationStore {
    var store = AdaptationStore()
    for number in 0..<count {
      let draw = (number &* 2_654_435_761) >> 7
      let context: JSONObject = [
        "load": integer(draw % 1000),
        "region": .string(Text("region-\(draw / 7 % 50)")),
        "severity": ["low", "high"][draw / 11 % 2],
        "type": ["latency", "errors", "cost", "saturation", "drift"][draw / 13 % 5],
      ]
      let description = AdaptationDescription(
        context: context, policyChanges: ["scale_up", Text("change-\(draw % 4)")], domain: "web")
      let outcome = Outcome(success: true, performanceImpact: Double(draw % 101) / 60)
      _ = try? store.storeAdaptation(
        Text("adaptation-\(number)"), description, outcome: outcome, system: system,
        at: Timestamp(seconds: start + Int64(number % 1000)))
    }
    return store
  }

  /// Points of 1,000 sources.
  static func variety(_ count: Int) -> VarietyMetricsStore {
    var store = VarietyMetricsStore()
    for number in 0..<count {
      _ = try? store.recordVarietyMeasurement(
        Text("probe-\(number % 1000)"), variety: Double(number &* 7919 % 997), system: system,
        at: Timestamp(seconds: start + Int64(number / 1000 * 60)))
    }
    return store
  }

  private static func integer(_ number: Int) -> JSONValue { .number(JSONNumber(Int64(number))) }
}
