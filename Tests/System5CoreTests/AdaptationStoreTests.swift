import HashTreeCollections
import Testing

@testable import System5Core

@Suite("Adaptations and their outcomes")
struct AdaptationStoreTests {
  @Test("a stored adaptation starts at 0.5 with no outcome")
  func storing() throws {
    var scene = AdaptationScene()
    let outputs = try scene.keep("a", nil, at: 7)
    let adaptation = try #require(scene["a"])
    #expect(outputs.isEmpty)
    #expect(adaptation.successProbability == 0.5)
    #expect(adaptation.appliedCount == 0)
    #expect(adaptation.outcome == nil && adaptation.effectiveness == nil)
    #expect(adaptation.createdAt == Timestamp(seconds: 7))
    #expect(adaptation.updatedAt == Timestamp(seconds: 7))
    #expect(scene.state.overallSuccessRate == 1)
  }

  @Test("an outcome that comes with it is recorded at once")
  func storingWithOutcome() throws {
    var scene = AdaptationScene()
    try scene.keep("a", AdaptationScene.bad)
    #expect(scene["a"]?.successProbability == 0.35)
    #expect(scene["a"]?.appliedCount == 1)
    #expect(scene.state.overallSuccessRate == 0.9)
  }

  @Test("storing the same id replaces it wholly")
  func replacing() throws {
    var scene = AdaptationScene()
    try scene.keep("a", AdaptationScene.good, at: 1)
    try scene.keep("a", ["type": "other"], ["stop"], domain: "mobile", nil, at: 2)
    let adaptation = try #require(scene["a"])
    #expect(adaptation.domain == "mobile" && adaptation.policyChanges == ["stop"])
    #expect(adaptation.context == ["type": "other"])
    #expect(adaptation.outcome == nil && adaptation.appliedCount == 0)
    #expect(adaptation.successProbability == 0.5)
    #expect(adaptation.createdAt == Timestamp(seconds: 2))
    #expect(scene.state.adaptations.count == 1)
    #expect(scene.state.domains == ["mobile": 1])
  }

  @Test("each outcome replaces the last and moves probability by 0.3 and rate by 0.1")
  func outcomes() throws {
    var scene = AdaptationScene()
    try scene.keep("a", nil, at: 1)
    try scene.judge("a", AdaptationScene.good, at: 2)
    #expect(AdaptationScene.isNear(scene["a"]?.successProbability, 0.65))
    #expect(scene.state.overallSuccessRate == 1)
    try scene.judge("a", AdaptationScene.bad, at: 3)
    try scene.judge("a", AdaptationScene.good, at: 4)
    let adaptation = try #require(scene["a"])
    // 0.65 → 0.455 → 0.455 + 0.3 · 0.545.
    #expect(AdaptationScene.isNear(adaptation.successProbability, 0.6185))
    #expect(AdaptationScene.isNear(scene.state.overallSuccessRate, 0.91))
    #expect(adaptation.appliedCount == 3)
    #expect(adaptation.outcome == AdaptationScene.good)
    #expect(adaptation.createdAt == Timestamp(seconds: 1))
    #expect(adaptation.updatedAt == Timestamp(seconds: 4))
  }

  @Test("an outcome that arrives late counts like any other")
  func lateOutcome() throws {
    var scene = AdaptationScene()
    try scene.keep("a", nil, at: 100)
    try scene.judge("a", AdaptationScene.good, at: 50)
    #expect(scene["a"]?.updatedAt == Timestamp(seconds: 50))
    #expect(scene.state.streamTime == Timestamp(seconds: 100))
  }

  @Test("an unknown adaptation is stored first if the outcome describes it")
  func describedOutcome() throws {
    var scene = AdaptationScene()
    let description = AdaptationDescription(context: ["x": 1], policyChanges: ["p"])
    try scene.judge("a", AdaptationScene.good, description, at: 5)
    #expect(scene["a"]?.description == description)
    #expect(scene["a"]?.domain == "general")
    #expect(scene["a"]?.createdAt == Timestamp(seconds: 5))
    #expect(AdaptationScene.isNear(scene["a"]?.successProbability, 0.65))
  }

  @Test("a known adaptation keeps its description")
  func ignoredDescription() throws {
    var scene = AdaptationScene()
    try scene.keep("a", nil, at: 1)
    let other = AdaptationDescription(context: ["x": 1], policyChanges: ["p"])
    try scene.judge("a", AdaptationScene.good, other, at: 2)
    #expect(scene["a"]?.context == AdaptationScene.slow)
    #expect(scene["a"]?.domain == "web")
  }

  @Test("an outcome of an unknown adaptation is refused and changes nothing")
  func unknown() throws {
    var scene = AdaptationScene()
    try scene.keep("a")
    let code = adaptationRefusal { try scene.judge("b", AdaptationScene.bad) }
    #expect(code == .unknownAdaptation)
    #expect(scene["b"] == nil && scene.state.adaptations.count == 1)
    #expect(scene.state.overallSuccessRate == 1)
  }

  @Test("the limit holds for new ids only, and a refused one changes nothing")
  func limit() throws {
    var scene = AdaptationScene { $0.limits.adaptations = 1 }
    try scene.keep("a", nil)
    let description = AdaptationDescription(context: [:], policyChanges: [])
    #expect(adaptationRefusal { try scene.keep("b", AdaptationScene.bad) } == .limitExceeded)
    #expect(
      adaptationRefusal { try scene.judge("b", AdaptationScene.bad, description) }
        == .limitExceeded)
    #expect(scene.state.domains == ["web": 1] && scene.state.overallSuccessRate == 1)
    try scene.keep("a", AdaptationScene.good)
    try scene.judge("a", AdaptationScene.good)
    #expect(scene["a"]?.appliedCount == 2)
  }

  @Test("a learned pattern is stored, replaced by the same id, limited, and not published")
  func learning() throws {
    var scene = AdaptationScene { $0.limits.adaptations = 1 }
    var pattern = LearnedPattern(
      pattern: "p", triggerConditions: ["x": 1], recommendedActions: ["go"], confidence: 0.5)
    #expect(try scene.learn(pattern).isEmpty)
    pattern.confidence = 0.7
    #expect(try scene.learn(pattern).isEmpty)
    #expect(scene.store.patterns(system: AdaptationScene.system) == [.learned(pattern)])
    pattern.pattern = "q"
    #expect(adaptationRefusal { try scene.learn(pattern) } == .limitExceeded)
    #expect(scene.state.learned.count == 1)
  }

  @Test("systems are apart from each other")
  func systems() throws {
    var scene = AdaptationScene()
    try scene.keep("a")
    #expect(scene.store.getAdaptation("a", system: "other") == nil)
    let metrics = scene.store.metrics(system: "other")
    #expect(
      metrics
        == AdaptationMetrics(
          totalAdaptations: 0, totalPatterns: 0, overallSuccessRate: 1, domains: []))
  }

  @Test("a copy stays as it was")
  func snapshot() throws {
    var scene = AdaptationScene()
    try scene.keep("a")
    let copy = scene.store
    try scene.keep("a", AdaptationScene.bad)
    try scene.keep("b")
    #expect(copy.getAdaptation("a", system: AdaptationScene.system)?.outcome?.success == true)
    #expect(copy.getAdaptation("b", system: AdaptationScene.system) == nil)
  }
}

@Suite("Adaptations through a shard and a checkpoint")
struct AdaptationShardTests {
  @Test("a shard and the calls do the same")
  func shard() throws {
    var scene = AdaptationScene()
    var shard = Shard<AdaptationStore>(rules: Rules())
    var called: [OutputEvent] = []
    var applied: [OutputEvent] = []
    for (index, id) in (["a", "b", "c", "a"] as [Text]).enumerated() {
      let seconds = Int64(index) * 700
      called += try scene.keep(id, AdaptationScene.good, at: seconds)
      let description = AdaptationDescription(
        context: AdaptationScene.slow, policyChanges: ["scale"], domain: "web")
      let event = Event(
        system: AdaptationScene.system, time: Timestamp(seconds: seconds), recordTime: nil,
        payload: AdaptationEvent.stored(
          adaptation: id, description: description, outcome: AdaptationScene.good))
      let verdict = shard.apply(event, source: "/t", id: Text("\(index)"), deriving: &applied)
      #expect(verdict == .applied)
    }
    #expect(called.count == 1 && called == applied)
  }

  @Test("what a checkpoint brings back goes on as if it had never been away")
  func restoring() throws {
    var scene = AdaptationScene()
    for id in ["a", "b", "c"] as [Text] { try scene.keep(id) }
    try scene.keep("x", ["type": "odd"], domain: "far")
    try scene.keep("y", ["type": "odd"], domain: "far")
    try scene.extract(2, at: 1)
    try scene.transfer("web", "far", at: 1)
    for id in ["x", "y", "c"] as [Text] { try scene.judge(id, AdaptationScene.bad, at: 2) }
    var restored = scene
    let state = scene.state
    restored.store.systems[AdaptationScene.system] = SystemAdaptations(
      streamTime: state.streamTime, adaptations: state.adaptations.values,
      published: state.published.values, learned: state.learned.values,
      transferred: state.transferred.values, overallSuccessRate: state.overallSuccessRate,
      rules: scene.store.rules)
    #expect(restored.store.metrics(system: "acme") == scene.store.metrics(system: "acme"))
    #expect(restored.store.patterns(system: "acme") == scene.store.patterns(system: "acme"))
    let before = [
      try scene.extract(2, at: 3), try scene.extract(at: 1800), try scene.keep("d", at: 1801),
    ]
    let after = [
      try restored.extract(2, at: 3), try restored.extract(at: 1800),
      try restored.keep("d", at: 1801),
    ]
    #expect(before == after)
    #expect(before.map(\.count) == [1, 2, 1])
  }
}

extension AdaptationScene {
  /// As ``keep(_:_:_:domain:_:at:)`` with a context and actions that do not matter.
  @discardableResult
  mutating func keep(_ id: Text, _ outcome: Outcome?, at seconds: Int64 = 0) throws
    -> [OutputEvent]
  {
    try keep(id, AdaptationScene.slow, ["scale"], domain: "web", outcome, at: seconds)
  }
}
