import System5Core
import System5Wire
import Testing

@Suite struct PolicyDecodeTests {
  @Test func everyType() throws {
    #expect(
      try policy("stored", #"{"policy":"p","data":{"a":1.0},"metadata":{"m":null}}"#)
        == .stored(
          policy: "p", data: try object(#"{"a":1.0}"#), metadata: try object(#"{"m":null}"#)))
    #expect(
      try policy("updated", #"{"policy":"p","data":{},"expected_version":2.0}"#)
        == .updated(
          policy: "p", data: JSONObject(), metadata: JSONObject(), expectedVersion: 2))
    #expect(
      try policy("rolled-back", #"{"policy":"p","to_version":1e0}"#)
        == .rolledBack(policy: "p", toVersion: 1, expectedVersion: nil))
    #expect(
      try policy("deleted", #"{"policy":"p","expected_version":null,"x":[]}"#)
        == .deleted(policy: "p", expectedVersion: nil))
    #expect(try policy("restored", #"{"policy":"p"}"#) == .restored(policy: "p"))
    #expect(
      try policy("effectiveness-recorded", #"{"policy":"p","usage_count":3,"failure_count":0}"#)
        == .effectivenessRecorded(policy: "p", usage: 3, successes: 0, failures: 0))
  }

  @Test func keepsNumbersAsWritten() throws {
    let data = #"{"a":1.10,"b":123456789012345678901234567890,"c":1E2}"#
    guard case .stored(_, let kept, _) = try policy("stored", #"{"policy":"p","data":\#(data)}"#)
    else { throw Rejection(.invalidData, "not stored") }
    #expect(kept.canonicalText == data)
  }

  @Test(arguments: [
    ("stored", #"{"data":{}}"#), ("stored", #"{"policy":"","data":{}}"#),
    ("stored", #"{"policy":7,"data":{}}"#), ("stored", #"{"policy":"a\u0001","data":{}}"#),
    ("stored", #"{"policy":"a\u0085","data":{}}"#), ("stored", #"{"policy":"p"}"#),
    ("stored", #"{"policy":"p","data":[]}"#), ("stored", #"{"policy":"p","data":null}"#),
    ("stored", #"{"policy":"p","data":{"x":[1e400]}}"#),
    ("stored", #"{"policy":"p","data":{},"metadata":"x"}"#), ("stored", "[]"), ("stored", "7"),
    ("updated", #"{"policy":"p","data":{},"expected_version":0}"#),
    ("updated", #"{"policy":"p","data":{},"expected_version":1.5}"#),
    ("updated", #"{"policy":"p","data":{},"expected_version":"1"}"#),
    ("updated", #"{"policy":"p","data":{},"expected_version":9007199254740992}"#),
    ("updated", #"{"policy":"p","data":{},"expected_version":1.00000000000000000001}"#),
    ("updated", #"{"policy":"p","data":{},"expected_version":1e400}"#),
    ("rolled-back", #"{"policy":"p"}"#), ("rolled-back", #"{"policy":"p","to_version":-1}"#),
    ("effectiveness-recorded", #"{"policy":"p","usage_count":-1}"#),
    ("effectiveness-recorded", #"{"policy":"p","usage_count":9007199254740992}"#),
    ("effectiveness-recorded", #"{"policy":"p","usage_count":true}"#),
  ])
  func refuses(type: String, data: String) {
    #expect(
      code(of: event("system5.policy.\(type)", data), as: PolicyEvent.self) == .invalidData)
  }

  @Test func idsAreHeldTo256Bytes() {
    func stored(_ count: Int) -> [UInt8] {
      event("system5.policy.restored", #"{"policy":"\#(String(repeating: "é", count: count))"}"#)
    }
    #expect(code(of: stored(128), as: PolicyEvent.self) == nil)
    #expect(code(of: stored(129), as: PolicyEvent.self) == .invalidData)
  }

  @Test func freeFormIsLimited() {
    func stored(_ count: Int) -> [UInt8] {
      let text = String(repeating: "x", count: count)
      return event("system5.policy.stored", #"{"policy":"p","data":{"a":"\#(text)"}}"#)
    }
    #expect(code(of: stored(65_536 - 8), as: PolicyEvent.self) == nil)
    #expect(code(of: stored(65_536 - 7), as: PolicyEvent.self) == .limitExceeded)
    let escapes = String(repeating: #"\b"#, count: 11_000)
    let grown = event("system5.policy.stored", #"{"policy":"p","data":{"a":"\#(escapes)"}}"#)
    #expect(code(of: grown, as: PolicyEvent.self) == .limitExceeded)
  }

  @Test func integersBelow2To53() throws {
    #expect(
      try policy("effectiveness-recorded", #"{"policy":"p","usage_count":9007199254740991}"#)
        == .effectivenessRecorded(
          policy: "p", usage: 9_007_199_254_740_991, successes: 0, failures: 0))
    #expect(
      try policy("effectiveness-recorded", #"{"policy":"p","usage_count":20e-1}"#)
        == .effectivenessRecorded(policy: "p", usage: 2, successes: 0, failures: 0))
    #expect(
      try policy("effectiveness-recorded", #"{"policy":"p","usage_count":-0.0e999}"#)
        == .effectivenessRecorded(policy: "p", usage: 0, successes: 0, failures: 0))
  }
}

@Suite struct AdaptationDecodeTests {
  private let description = AdaptationDescription(context: ["load": 1], policyChanges: ["a"])

  @Test func everyType() throws {
    let data = #""adaptation":"a","anomaly_context":{"load":1},"policy_changes":["a"]"#
    #expect(
      try adaptation("adaptation.stored", "{\(data)}")
        == .stored(adaptation: "a", description: description, outcome: nil))
    #expect(
      try adaptation("adaptation.stored", #"{\#(data),"outcome":{"success":true}}"#)
        == .stored(
          adaptation: "a", description: description, outcome: Outcome(success: true)))
    #expect(
      try adaptation(
        "adaptation.outcome-recorded", #"{\#(data),"success":false,"stability_impact":-0.5}"#)
        == .outcomeRecorded(
          adaptation: "a", outcome: Outcome(success: false, stabilityImpact: -0.5),
          description: description))
    let context = #"{"adaptation":"a","success":true,"anomaly_context":{}}"#
    #expect(
      try adaptation("adaptation.outcome-recorded", context)
        == .outcomeRecorded(
          adaptation: "a", outcome: Outcome(success: true), description: nil))
    let pattern =
      #"{"pattern":"p","trigger_conditions":{},"recommended_actions":[],"confidence":1}"#
    #expect(
      try adaptation("pattern.learned", pattern)
        == .patternLearned(
          LearnedPattern(
            pattern: "p", triggerConditions: JSONObject(), recommendedActions: [],
            confidence: 1)))
    #expect(
      try adaptation("patterns.extraction-requested", #"{"min_occurrences":2}"#)
        == .extractionRequested(minOccurrences: 2))
    #expect(
      try adaptation("knowledge.transfer-requested", #"{"from_domain":"a","to_domain":"b"}"#)
        == .transferRequested(fromDomain: "a", toDomain: "b"))
  }

  @Test(arguments: [
    ("adaptation.stored", #"{"adaptation":"a","policy_changes":[]}"#),
    ("adaptation.stored", #"{"adaptation":"a","anomaly_context":{}}"#),
    ("adaptation.stored", #"{"adaptation":"a","anomaly_context":{},"policy_changes":[1]}"#),
    ("adaptation.stored", #"{"adaptation":"a","anomaly_context":{},"policy_changes":"x"}"#),
    (
      "adaptation.stored",
      #"{"adaptation":"a","anomaly_context":{},"policy_changes":[],"outcome":{}}"#
    ),
    ("adaptation.outcome-recorded", #"{"adaptation":"a"}"#),
    ("adaptation.outcome-recorded", #"{"adaptation":"a","success":"yes"}"#),
    ("adaptation.outcome-recorded", #"{"adaptation":"a","success":true,"anomaly_context":1}"#),
    ("adaptation.outcome-recorded", #"{"adaptation":"a","success":true,"policy_changes":1}"#),
    (
      "adaptation.outcome-recorded",
      #"{"adaptation":"a","success":true,"performance_impact":1e101}"#
    ),
    (
      "pattern.learned",
      #"{"pattern":"p","trigger_conditions":{},"recommended_actions":[],"confidence":1.1}"#
    ),
    ("patterns.extraction-requested", #"{"min_occurrences":0}"#),
    ("knowledge.transfer-requested", #"{"from_domain":"a","to_domain":"a"}"#),
  ])
  func refuses(type: String, data: String) {
    #expect(
      code(of: event("system5.\(type)", data), as: AdaptationEvent.self) == .invalidData)
  }

  @Test func namesTheNestedMember() {
    let data = #"{"adaptation":"a","anomaly_context":{},"policy_changes":[],"outcome":{}}"#
    #expect(
      throws: Rejection(
        .invalidData, "`data.outcome.success` is missing; expected true or false.")
    ) { try adaptation("adaptation.stored", data) }
  }
}

@Suite struct VarietyDecodeTests {
  @Test func everyType() throws {
    #expect(
      try variety("measured", #"{"source":"s","variety":0}"#)
        == .measured(
          source: "s", variety: 0, capacity: nil, role: nil, metadata: JSONObject()))
    #expect(
      try variety("measured", #"{"source":"s","variety":1.5,"capacity":2,"role":"system"}"#)
        == .measured(
          source: "s", variety: 1.5, capacity: 2, role: .system, metadata: JSONObject()))
    #expect(
      try variety("amplified", #"{"amplifier":"a","input_variety":0,"output_variety":2}"#)
        == .amplified(amplifier: "a", input: 0, output: 2))
    #expect(
      try variety("attenuated", #"{"attenuator":"a","input_variety":4,"output_variety":2}"#)
        == .attenuated(attenuator: "a", input: 4, output: 2))
    let set = #"{"source":"s","threshold":5,"direction":"below","recovery_threshold":5}"#
    #expect(
      try variety("threshold-set", set)
        == .thresholdSet(
          source: "s", Threshold(threshold: 5, direction: .below, recovery: 5)))
    #expect(
      try variety("threshold-cleared", #"{"source":"s"}"#)
        == .thresholdCleared(source: "s", direction: nil))
  }

  @Test(arguments: [
    ("measured", #"{"source":"s"}"#), ("measured", #"{"source":"s","variety":-1}"#),
    ("measured", #"{"source":"s","variety":1e101}"#),
    ("measured", #"{"source":"s","variety":1e400}"#),
    ("measured", #"{"source":"s","variety":"1"}"#),
    ("measured", #"{"source":"s","variety":1,"capacity":-1}"#),
    ("measured", #"{"source":"s","variety":1,"role":"System"}"#),
    ("measured", #"{"source":"s","variety":1,"metadata":[]}"#),
    ("amplified", #"{"amplifier":"a","input_variety":1e-300,"output_variety":1e90}"#),
    ("amplified", #"{"amplifier":"a","output_variety":1}"#),
    ("attenuated", #"{"amplifier":"a","input_variety":1,"output_variety":1}"#),
    ("threshold-set", #"{"source":"s"}"#),
    ("threshold-set", #"{"source":"s","threshold":5,"recovery_threshold":6}"#),
    (
      "threshold-set",
      #"{"source":"s","threshold":5,"direction":"below","recovery_threshold":4}"#
    ),
    ("threshold-set", #"{"source":"s","threshold":5,"for_seconds":-1}"#),
    ("threshold-set", #"{"source":"s","threshold":5,"direction":"up"}"#),
    ("threshold-cleared", #"{"source":"s","direction":1}"#),
  ])
  func refuses(type: String, data: String) {
    #expect(
      code(of: event("system5.variety.\(type)", data), as: VarietyEvent.self) == .invalidData)
  }
}
