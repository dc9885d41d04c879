import System5Core
import System5Wire
import Testing

@Suite struct ResultTests {
  private let position = Position(
    topicName: "system5.variety.events", partition: 2, offset: 12)

  private func records(_ payloads: Output..., at time: Timestamp) -> [ResultRecord] {
    var results: [ResultRecord] = []
    let outputs = payloads.map { OutputEvent(system: "acme", time: time, payload: $0) }
    ResultEncoder.append(outputs, from: position, cause: "m\"1", to: &results)
    return results
  }

  private func envelope(
    _ number: Int, _ type: String, _ subject: String, _ time: String, _ data: String
  ) -> String {
    #"{"specversion":"1.0","id":"system5.variety.events-2@12#\#(number)","#
      + #""source":"/system5/acme","type":"system5.\#(type)","subject":"\#(subject)","#
      + #""time":"\#(time)","datacontenttype":"application/json","causationid":"m\"1","#
      + #""data":{"system":"acme",\#(data)}}"#
  }

  private let derived = DerivedPattern(
    pattern: "p1", domain: "web", revision: 1, occurrences: 3, averageEffectiveness: 0.8,
    effectivenessLower: 0.25, commonContext: ["b": true, "a": "x"],
    contextRanges: [.init(name: "load", min: 1, mean: 1.5, max: 2)],
    recommendedActions: [.init(action: "scale", support: 1, averageEffectiveness: 0.8)],
    firstSeen: Timestamp(seconds: 1), lastSeen: Timestamp(microseconds: 2_000_001),
    evidence: ["c", "b"])
  private let derivedData =
    #""pattern":"p1","pattern_type":"recurring_adaptation","domain":"web","revision":1,"#
    + #""occurrences":3,"avg_effectiveness":0.8,"effectiveness_lower":0.25,"#
    + #""common_context":{"a":"x","b":true},"context_ranges":{"load":{"min":1,"mean":1.5,"#
    + #""max":2}},"recommended_actions":[{"action":"scale","support":1,"#
    + #""avg_effectiveness":0.8}],"first_seen":"1970-01-01T00:00:01Z","#
    + #""last_seen":"1970-01-01T00:00:02.000001Z","evidence":["c","b"]"#

  @Test func patterns() throws {
    let transferred = TransferredPattern(
      pattern: "p2", sourceDomain: "web", targetDomain: "db", basePattern: derived,
      confidence: 0.64)
    let results = records(
      .patternDerived(derived), .patternTransferred(transferred),
      .patternRetired(pattern: "p1", reason: "gone"), .patternDerived(derived),
      at: Timestamp(milliseconds: 1_500))
    let time = "1970-01-01T00:00:01.500Z"
    try #require(results.count == 5)
    #expect(
      text(results[0].value) == envelope(0, "pattern.derived", "p1", time, derivedData))
    let transfer =
      #""pattern":"p2","pattern_type":"transferred","source_domain":"web","#
      + #""target_domain":"db","base_pattern":{"system":"acme",\#(derivedData)},"confidence":0.64"#
    #expect(
      text(results[1].value) == envelope(1, "pattern.transferred", "p2", time, transfer))
    #expect(
      text(results[2].value)
        == envelope(2, "pattern.retired", "p1", time, #""pattern":"p1","reason":"gone""#))
    #expect(
      results[3]
        == ResultRecord(
          topic: .result(.patterns), partition: 2, key: Array("acme/p1".utf8), value: nil,
          headers: [RawHeader("__system5.id", text: "system5.variety.events-2@12#2")],
          timestampMilliseconds: 1_500))
    #expect(text(results[4].value)?.contains("@12#3\"") == true)
    #expect(text(results[1].key) == "acme/p2")
    #expect(
      results[0].headers
        == [RawHeader("content-type", text: "application/cloudevents+json; charset=UTF-8")])
  }

  @Test func alerts() {
    var alert = Alert(
      alert: "f", kind: .varietyThreshold, source: "s\n", direction: .above, value: 7.5,
      threshold: 5, startsAt: Timestamp(seconds: 1), endsAt: nil, episode: 2, summary: "High.")
    let firing = records(.alertFiring(alert), at: Timestamp(seconds: -5))
    let data =
      #""alert":"f","kind":"variety-threshold","source":"s\n","direction":"above","value":7.5,"#
      + #""threshold":5,"starts_at":"1970-01-01T00:00:01Z","#
    let time = "1969-12-31T23:59:55Z"
    #expect(
      text(firing.first?.value)
        == envelope(
          0, "alert.firing", "f", time, data + #""episode":2,"summary":"High.""#))
    #expect(firing.first?.timestampMilliseconds == 1)
    #expect(firing.first?.topic == .result(.alerts))
    alert.endsAt = Timestamp(seconds: 2)
    #expect(
      text(records(.alertResolved(alert), at: Timestamp(seconds: -5)).first?.value)
        == envelope(
          0, "alert.resolved", "f", time,
          data + #""ends_at":"1970-01-01T00:00:02Z","episode":2,"summary":"High.""#))
    (alert.source, alert.direction, alert.threshold) = (nil, nil, nil)
    let bare = text(records(.alertFiring(alert), at: Timestamp(seconds: 0)).first?.value)
    #expect(bare?.contains(#""kind":"variety-threshold","value":7.5,"starts_at""#) == true)
  }

  @Test func gaps() {
    let analysis = GapAnalysis(
      environmentalVariety: 180, systemVariety: 0,
      environmentalSources: [.init(name: "market", value: 180)],
      systemSources: [.init(name: "queen", value: 0)],
      amplifiers: [.init(name: "a", value: .infinity)])
    let result = records(.gapAnalysed(analysis), at: Timestamp(seconds: 1)).first
    #expect(
      text(result?.value)
        == envelope(
          0, "gap.analysed", "acme", "1970-01-01T00:00:01Z",
          #""environmental_variety":180,"system_variety":0,"variety_gap":180,"#
            + #""gap_ratio":null,"coverage_ratio":0,"requisite_variety_met":false,"#
            + #""deficit":180,"environmental_sources":{"market":180},"#
            + #""system_sources":{"queen":0},"amplifiers":{"a":null},"attenuators":{}"#))
    #expect(text(result?.key) == "acme")
    #expect(result?.topic == .result(.gapAnalyses))
  }

  @Test func trends() {
    let trend = SourceTrend(
      source: "s", trend: .insufficientData, slopePerHour: -0.0, average: 1e-7, min: 1e21,
      max: 2e21, measurements: 1, latest: 0.1, breachAt: Timestamp(seconds: 3),
      isCritical: true)
    let analysis = TrendAnalysis(
      window: .hour, overallTrend: .stable, criticalSources: ["s"], trends: [trend])
    #expect(
      text(records(.trendsAnalysed(analysis), at: Timestamp(seconds: 1)).first?.value)
        == envelope(
          0, "trends.analysed", "acme", "1970-01-01T00:00:01Z",
          #""window":"hour","overall_trend":"stable","critical_sources":["s"],"trends":{"s":"#
            + #"{"trend":"insufficient_data","slope_per_hour":0,"average":1e-7,"min":1e+21,"#
            + #""max":2e+21,"volatility":1e+21,"measurements":1,"latest":0.1,"#
            + #""breach_at":"1970-01-01T00:00:03Z"}}"#))
  }

  @Test func deadLettersAreAsReceived() {
    let line = RecordLine(
      topic: "t", key: [0xFF], headers: [RawHeader("h", nil), RawHeader("h", [0xFE])],
      value: [0, 1])
    let letter = line.withRecord {
      DeadLetter.record($0, at: position, because: Rejection(.badKey, "Bad."))
    }
    #expect(
      letter
        == ResultRecord(
          topic: .deadLetters, partition: 2, key: [0xFF], value: [0, 1],
          headers: [
            RawHeader("h", nil), RawHeader("h", [0xFE]),
            RawHeader("__system5.errors.code", text: "bad-key"),
            RawHeader("__system5.errors.message", text: "Bad."),
            RawHeader("__system5.errors.topic", text: "system5.variety.events"),
            RawHeader("__system5.errors.partition", text: "2"),
            RawHeader("__system5.errors.offset", text: "12"),
            RawHeader("__system5.errors.timestamp", text: "-1"),
          ], timestampMilliseconds: 1))
  }

  @Test func stateIsInTheContractsOrderAndSortsOnRequest() {
    let pattern = KnownPattern.learned(
      LearnedPattern(
        pattern: "p", triggerConditions: ["x": 1], recommendedActions: ["a"],
        confidence: 0.5))
    let json = StateEncoder.json(pattern, of: "acme")
    #expect(
      text(json.bytes)
        == #"{"system":"acme","pattern":"p","pattern_type":"learned","domain":"general","#
        + #""trigger_conditions":{"x":1},"recommended_actions":["a"],"confidence":0.5}"#)
    #expect(
      json.jsonValue.canonicalText
        == #"{"confidence":0.5,"domain":"general","pattern":"p","pattern_type":"learned","#
        + #""recommended_actions":["a"],"system":"acme","trigger_conditions":{"x":1}}"#)
    let measurement = Measurement(
      source: "s", role: .system, variety: 1, capacity: 2, metadata: JSONObject(),
      time: Timestamp(seconds: 1))
    #expect(
      text(StateEncoder.json(measurement).bytes)
        == #"{"source":"s","role":"system","variety":1,"capacity":2,"metadata":{},"#
        + #""time":"1970-01-01T00:00:01Z"}"#)
  }
}
