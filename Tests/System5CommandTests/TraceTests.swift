import ArgumentParser
import System5Core
import System5Wire
import Testing

@testable import system5

@Suite struct TraceTests {
  private func entries(
    _ tracer: any Tracer, _ scene: Scene, _ lines: [RecordLine]
  ) -> [TraceEntry] {
    let trace = Trace(tracer, of: scene.system)
    let shard = scene.shard()
    return lines.compactMap { trace.take($0, in: shard) }
  }

  @Test func aPolicyIsMadeByItsEventsAndTheRefusedOnesAreMarked() {
    let scene = Scene(input: .policy)
    let lines = [
      scene.line(0, "policy.stored", #"{"policy":"budget","data":{"limit":1}}"#),
      scene.line(1, "policy.stored", #"{"policy":"other","data":{"limit":1}}"#),
      scene.line(2, "policy.updated", #"{"policy":"budget","data":{"limit":2}}"#),
      scene.line(3, "policy.updated", #"{"policy":"budget","data":{},"expected_version":1}"#),
      scene.line(4, "policy.updated", #"{"policy":"budget","data":7}"#),
      scene.line(5, "policy.stored", #"{"policy":"budget","data":{}}"#, key: "elsewhere"),
      scene.line(6, "policy.effectiveness-recorded", #"{"policy":"budget"}"#),
      scene.line(7, "policy.deleted", #"{"policy":"budget"}"#),
    ]
    let again = [lines[7]].map {
      var line = $0
      line.offset = 8
      return line
    }
    let found = entries(PolicyTracer(system: "acme", policy: "budget"), scene, lines + again)
    #expect(found.map(\.position.offset) == [0, 2, 3, 4, 6, 7])
    #expect(found.map(\.isRefused) == [false, false, true, true, false, false])
    #expect(found[0].change.text == "created at version 1")
    #expect(found[1].change.text == "version 1 to 2, data changed")
    #expect(found[2].change.text.hasPrefix("refused (version-conflict)"))
    #expect(found[3].change.text.hasPrefix("refused (invalid-data)"))
    #expect(found[4].change.text == "changed nothing")
    #expect(found[5].change.text == "deleted")
  }

  @Test func anAlertIsTracedByItsSourceAndByItsID() {
    let other = Scene.alerts.line(4, "variety.measured", #"{"source":"other","variety":1}"#)
    let bySource = entries(
      AlertTracer(system: "acme", name: "queue"), .alerts, Scene.alertLines + [other])
    #expect(bySource.map(\.position.offset) == [0, 1, 2, 3])
    #expect(
      bySource.map(\.change.results) == [
        [], ["system5.variety.events-0@1#0"], ["system5.variety.events-0@2#0"],
        ["system5.variety.events-0@3#0"],
      ])
    let id = Alert.id(of: "acme", kind: .varietyThreshold, source: "queue", direction: .above)
    let byID = entries(AlertTracer(system: "acme", name: id), .alerts, Scene.alertLines)
    #expect(byID.map(\.line) == bySource.map(\.line))
    let below = Alert.id(of: "acme", kind: .varietyThreshold, source: "queue", direction: .below)
    #expect(entries(AlertTracer(system: "acme", name: below), .alerts, Scene.alertLines).isEmpty)
  }

  @Test func aViolationThatIsNotLongEnoughYetIsPartOfTheTrail() {
    let lines = [
      Scene.alerts.line(
        0, "variety.threshold-set", #"{"source":"queue","threshold":100,"for_seconds":90}"#),
      Scene.alerts.line(1, "variety.measured", #"{"source":"queue","variety":120}"#),
      Scene.alerts.line(2, "variety.measured", #"{"source":"queue","variety":121}"#),
      Scene.alerts.line(3, "variety.measured", #"{"source":"queue","variety":122}"#),
    ]
    let found = entries(AlertTracer(system: "acme", name: "queue"), .alerts, lines)
    #expect(found.map(\.position.offset) == [0, 1, 3])
    #expect(found[1].change.text == "violated since 2026-11-23T08:01:00Z")
    #expect(found[2].change.text.hasPrefix("firing, episode 1"))
  }

  @Test func requisiteVarietyIsNamedByItsKind() {
    let lines = [
      Scene.alerts.line(0, "variety.measured", #"{"source":"environment","variety":5}"#),
      Scene.alerts.line(1, "variety.measured", #"{"source":"team","variety":3}"#),
      Scene.alerts.line(2, "variety.measured", #"{"source":"team","variety":4}"#),
      Scene.alerts.line(3, "variety.measured", #"{"source":"team","variety":9}"#),
    ]
    let found = entries(AlertTracer(system: "acme", name: "requisite-variety"), .alerts, lines)
    #expect(found.map(\.position.offset) == [1, 3])
  }

  @Test func aPatternIsMadeByWhoSupportsIt() throws {
    let rules = Rules()
    let steps = Scene.patterns.steps(Scene.patternLines)
    let result = try #require(steps[2].results.first)
    let content = try #require(ResultContent(result.value, parser: JSONParser()))
    let id = try #require(content.data["pattern"]?.text)
    let lines =
      Scene.patternLines + [
        Scene.patterns.line(
          3, "adaptation.stored",
          #"{"adaptation":"b","anomaly_context":{},"policy_changes":[],"domain":"web"}"#),
        Scene.patterns.line(
          4, "adaptation.outcome-recorded", #"{"adaptation":"a-0","success":false}"#),
        Scene.patterns.line(5, "patterns.extraction-requested", "{}"),
        Scene.patterns.line(6, "patterns.extraction-requested", #"{"min_occurrences":2}"#),
        Scene.patterns.line(
          7, "adaptation.outcome-recorded", #"{"adaptation":"b","success":false}"#, minute: 31),
      ]
    let tracer = PatternTracer(system: "acme", pattern: Text(id), rules: rules)
    let found = entries(tracer, .patterns, lines)
    #expect(found.map(\.position.offset) == [0, 1, 2, 4, 6, 7])
    #expect(found[0].change.text.hasPrefix("a-0 joins, now 1"))
    #expect(found[2].change.results == ["system5.adaptation.events-0@2#0"])
    #expect(found[3].change.text.hasPrefix("a-0 leaves, now 2"))
    #expect(found[4].change.text.hasPrefix("extraction requested; derived"))
    #expect(found[5].change.text.hasPrefix("periodic extraction of 2026-11-23T08:30:00Z; retired"))
  }

  @Test func entriesAreLinesOfJSON() throws {
    let found = entries(AlertTracer(system: "acme", name: "queue"), .alerts, Scene.alertLines)
    let last = try #require(found.last)
    let json = try #require(try JSONParser().value(of: last.json).object)
    #expect(json["topic"]?.text == "system5.variety.events")
    #expect(json["offset"]?.integer == 3)
    #expect(json["id"]?.text == "e-3")
    #expect(json["results"]?.elements?.count == 1)
  }

  @Test(arguments: [
    ["policy", "acme"], ["nothing", "acme", "x"],
    ["alert", "acme", "x", "--file", "f", "--all-partitions"],
  ])
  func whatIsNoTraceIsRefused(arguments: [String]) {
    #expect(throws: (any Error).self) { try TraceCommand.parse(arguments) }
  }
}
