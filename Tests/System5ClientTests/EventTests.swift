import Foundation
import System5Core
import System5Wire
import Testing

@testable import System5Client

/// What the events of this library are for the worker.
@Suite struct EventTests {
  @Test func policies() throws {
    #expect(
      try decoded(
        PolicyStored("p", data: ["limit": 3, "on": true], metadata: ["by": "queen"]),
        as: PolicyEvent.self)
        == .stored(
          policy: "p", data: ["limit": 3, "on": true], metadata: ["by": "queen"]))
    #expect(
      try decoded(
        PolicyUpdated("p", data: ["limit": nil], metadata: ["by": "me"], expectedVersion: 2),
        as: PolicyEvent.self)
        == .updated(policy: "p", data: ["limit": nil], metadata: ["by": "me"], expectedVersion: 2))
    #expect(
      try decoded(PolicyRolledBack("p", toVersion: 1, expectedVersion: 4), as: PolicyEvent.self)
        == .rolledBack(policy: "p", toVersion: 1, expectedVersion: 4))
    #expect(
      try decoded(PolicyDeleted("p"), as: PolicyEvent.self)
        == .deleted(policy: "p", expectedVersion: nil))
    #expect(try decoded(PolicyRestored("p"), as: PolicyEvent.self) == .restored(policy: "p"))
    #expect(
      try decoded(
        PolicyEffectivenessRecorded("p", usageCount: 10, successCount: 9, failureCount: 1),
        as: PolicyEvent.self)
        == .effectivenessRecorded(policy: "p", usage: 10, successes: 9, failures: 1))
  }

  @Test func adaptations() throws {
    let context = AdaptationContext(
      anomalyContext: ["type": "slow", "severity": 0.5], policyChanges: ["scale", "cache"],
      domain: "web")
    let description = AdaptationDescription(
      context: ["type": "slow", "severity": 0.5], policyChanges: ["scale", "cache"], domain: "web")
    let outcome = System5Client.Outcome(
      success: true, performanceImpact: 0.75, stabilityImpact: -0.25)
    let told = System5Core.Outcome(success: true, performanceImpact: 0.75, stabilityImpact: -0.25)
    #expect(
      try decoded(AdaptationStored("a", context), as: AdaptationEvent.self)
        == .stored(adaptation: "a", description: description, outcome: nil))
    #expect(
      try decoded(AdaptationStored("a", context, outcome: outcome), as: AdaptationEvent.self)
        == .stored(adaptation: "a", description: description, outcome: told))
    #expect(
      try decoded(OutcomeRecorded("a", outcome), as: AdaptationEvent.self)
        == .outcomeRecorded(adaptation: "a", outcome: told, description: nil))
    #expect(
      try decoded(OutcomeRecorded("a", outcome, context: context), as: AdaptationEvent.self)
        == .outcomeRecorded(adaptation: "a", outcome: told, description: description))
    #expect(
      try decoded(
        PatternLearned(
          "p", triggerConditions: ["type": "slow"], recommendedActions: ["scale"], confidence: 0.9,
          domain: "web"), as: AdaptationEvent.self)
        == .patternLearned(
          LearnedPattern(
            pattern: "p", triggerConditions: ["type": "slow"], recommendedActions: ["scale"],
            confidence: 0.9, domain: "web")))
    #expect(
      try decoded(ExtractionRequested(), as: AdaptationEvent.self)
        == .extractionRequested(minOccurrences: nil))
    #expect(
      try decoded(ExtractionRequested(minOccurrences: 2), as: AdaptationEvent.self)
        == .extractionRequested(minOccurrences: 2))
    #expect(
      try decoded(TransferRequested(from: "web", to: "mobile"), as: AdaptationEvent.self)
        == .transferRequested(fromDomain: "web", toDomain: "mobile"))
  }

  @Test func variety() throws {
    #expect(
      try decoded(
        VarietyMeasured(
          "queue", variety: 180, capacity: 200.5, role: .environment, metadata: ["n": 1]),
        as: VarietyEvent.self)
        == .measured(
          source: "queue", variety: 180, capacity: 200.5, role: .environment, metadata: ["n": 1]))
    #expect(
      try decoded(VarietyMeasured("queue", variety: 0), as: VarietyEvent.self)
        == .measured(source: "queue", variety: 0, capacity: nil, role: nil, metadata: [:]))
    #expect(
      try decoded(
        VarietyAmplified("a", inputVariety: 2, outputVariety: 6), as: VarietyEvent.self)
        == .amplified(amplifier: "a", input: 2, output: 6))
    #expect(
      try decoded(
        VarietyAttenuated("a", inputVariety: 6, outputVariety: 2), as: VarietyEvent.self)
        == .attenuated(attenuator: "a", input: 6, output: 2))
    #expect(
      try decoded(
        ThresholdSet(
          "queue", threshold: 10, direction: .below, recoveryThreshold: 12,
          duration: .milliseconds(1500)), as: VarietyEvent.self)
        == .thresholdSet(
          source: "queue",
          Threshold(threshold: 10, direction: .below, recovery: 12, forSeconds: 1.5)))
    #expect(
      try decoded(ThresholdCleared("queue", direction: .above), as: VarietyEvent.self)
        == .thresholdCleared(source: "queue", direction: .above))
    #expect(
      try decoded(ThresholdCleared("queue"), as: VarietyEvent.self)
        == .thresholdCleared(source: "queue", direction: nil))
  }

  /// The contract's own spelling, byte for byte.
  @Test func bytesAreThoseOfTheContract() throws {
    let record = try record(
      VarietyMeasured("environment", variety: 180), id: "m-1", time: "2026-11-23T08:00:00Z")
    #expect(
      String(decoding: record.value, as: UTF8.self)
        == #"{"specversion":"1.0","id":"m-1","source":"/acme/queen","#
        + #""type":"system5.variety.measured","time":"2026-11-23T08:00:00Z","#
        + #""data":{"source":"environment","variety":180}}"#)
    #expect(record.input == .variety)
    #expect(record.key == Array("acme".utf8))
  }

  @Test func envelopeIsReadAsItWasGiven() throws {
    let record = try record(
      PolicyRestored("p"), id: "a \"b\"", time: "2026-11-23T08:00:00.123456Z")
    try decode(record) { (decoder, raw) throws(Rejection) in
      let head = try decoder.head(of: raw, for: record.input)
      #expect(String(decoding: head.id, as: UTF8.self) == "a \"b\"")
      #expect(String(decoding: head.source, as: UTF8.self) == "/acme/queen")
      #expect(head.system == "acme")
      #expect(RFC3339.text(of: head.time) == "2026-11-23T08:00:00.123456Z")
      #expect(record.timestampMilliseconds == head.time.milliseconds)
    }
  }
}

/// What is refused before it is sent, and how it is said.
@Suite struct InvalidEventTests {
  private func refusal(
    _ event: some System5Event, system: String = "acme", id: String = "e"
  ) -> InvalidEvent? {
    do throws(InvalidEvent) {
      let record = EventRecord(
        try event.content, system: system, source: "/s", id: id,
        time: Timestamp(seconds: 1_795_420_800))
      try EventCheck().check(record)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: ["", "acme corp", String(repeating: "a", count: 129), "caf\u{e9}"])
  func systems(system: String) {
    let code = refusal(PolicyRestored("p"), system: system)?.code
    #expect(code == (system.isEmpty ? "missing-key" : "bad-key"))
  }

  @Test(arguments: ["", "a\nb", String(repeating: "a", count: 257), "\u{85}"])
  func ids(id: String) throws {
    let policy = try #require(refusal(PolicyRestored(id)))
    #expect(policy.code == "invalid-data")
    #expect(policy.message.contains("`data.policy`"))
    let event = try #require(refusal(PolicyRestored("p"), id: id))
    #expect(event.message.contains("`id`"))
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, -1, 1e101])
  func varieties(value: Double) throws {
    let refused = try #require(refusal(VarietyMeasured("s", variety: value)))
    #expect(refused.code == "invalid-data")
    #expect(refused.message.contains("`data.variety`"))
    let capacity = try #require(refusal(VarietyMeasured("s", variety: 1, capacity: value)))
    #expect(capacity.message.contains("`data.capacity`"))
  }

  @Test func everyNumberHasItsBounds() {
    #expect(refusal(VarietyAmplified("a", inputVariety: .nan, outputVariety: 1)) != nil)
    #expect(refusal(VarietyAttenuated("a", inputVariety: 1, outputVariety: -1)) != nil)
    #expect(refusal(ThresholdSet("s", threshold: .infinity)) != nil)
    #expect(refusal(ThresholdSet("s", threshold: 1, recoveryThreshold: 2)) != nil)
    #expect(refusal(ThresholdSet("s", threshold: 1, duration: .seconds(-1))) != nil)
    #expect(refusal(PolicyRolledBack("p", toVersion: 0)) != nil)
    #expect(refusal(PolicyDeleted("p", expectedVersion: -1)) != nil)
    #expect(refusal(PolicyEffectivenessRecorded("p", usageCount: -1)) != nil)
    #expect(refusal(ExtractionRequested(minOccurrences: 0)) != nil)
    let outcome = System5Client.Outcome(success: true, stabilityImpact: .nan)
    #expect(refusal(OutcomeRecorded("a", outcome))?.message.contains("stability_impact") == true)
    let pattern = PatternLearned(
      "p", triggerConditions: [:], recommendedActions: [], confidence: 1.5)
    #expect(refusal(pattern)?.message.contains("`data.confidence`") == true)
  }

  @Test func numbersWithinFreeFormJSON() throws {
    let refused = try #require(
      refusal(PolicyStored("p", data: ["a": ["b": [.number(.nan)]]])))
    #expect(refused.message.contains("`data.data`"))
  }

  @Test func sizes() {
    let large = JSON.string(String(repeating: "x", count: 65_536))
    #expect(refusal(PolicyStored("p", data: ["a": large]))?.code == "limit-exceeded")
    let huge = JSON.string(String(repeating: "x", count: 1 << 20))
    #expect(refusal(PolicyStored("p", data: ["a": huge]))?.code == "too-large")
    let deep = (0..<70).reduce(JSON.null) { inner, _ in .array([inner]) }
    #expect(refusal(PolicyStored("p", data: ["a": deep]))?.code == "too-deep")
  }

  @Test func transfersToTheSameDomain() {
    #expect(refusal(TransferRequested(from: "web", to: "web"))?.code == "invalid-data")
  }
}

private func record(
  _ event: some System5Event, id: String = "e", time: String = "2026-11-23T08:00:00Z"
) throws -> EventRecord {
  EventRecord(
    try event.content, system: "acme", source: "/acme/queen", id: id,
    time: try #require(RFC3339.timestamp(of: time.utf8)))
}

private func decode<Value>(
  _ record: EventRecord, _ body: (EventDecoder, RawRecord) throws(Rejection) -> Value
) throws -> Value {
  let line = RecordLine(
    topic: "t", timestampMilliseconds: record.timestampMilliseconds, key: record.key,
    headers: [RawHeader("content-type", text: "application/cloudevents+json; charset=UTF-8")],
    value: record.value)
  return try line.withRecord { raw in
    Result { () throws(Rejection) in try body(EventDecoder(rules: Rules()), raw) }
  }.get()
}

/// The event as the worker's decoder reads its bytes.
private func decoded<P: WirePayload>(_ event: some System5Event, as type: P.Type) throws -> P {
  let record = try record(event)
  #expect(record.input == P.input)
  try EventCheck().check(record)
  return try decode(record) { (decoder, raw) throws(Rejection) in
    try decoder.decode(raw, as: type)
  }.payload
}
