import HashTreeCollections
import Testing

@testable import System5Core

@Suite("When patterns are published, revised and retired")
struct PatternExtractionTests {
  private let three: [Text] = ["a", "b", "c"]

  @Test("a group is published by the event with which it reaches three, and not again")
  func atOnce() throws {
    var scene = AdaptationScene()
    #expect(try scene.keep("a").isEmpty)
    #expect(try scene.keep("b").isEmpty)
    try scene.keep("c", nil)
    #expect(try scene.judge("c", AdaptationScene.good, at: 4).map(\.derived?.revision) == [1])
    #expect(try scene.keep("d").isEmpty)
    #expect(scene.derived.map(\.occurrences) == [3])
  }

  @Test("only what works better than 0.6 counts")
  func threshold() throws {
    var scene = AdaptationScene()
    try scene.keep("a")
    try scene.keep("b")
    try scene.keep("half", Outcome(success: true))
    #expect(try scene.keep("unjudged", nil).isEmpty)
    #expect(scene.state.groups.candidates(minOccurrences: 2).count == 1)
    #expect(scene.state.groups.candidates(minOccurrences: 3).isEmpty)
    var strict = AdaptationScene { $0.patternEffectiveness = 0.8 }
    for id in three { #expect(try strict.keep(id, AdaptationScene.good).isEmpty) }
    for id in three { try strict.judge(id, AdaptationScene.better) }
    #expect(strict.derived.count == 1)
  }

  @Test("a replaced or re-judged adaptation leaves its group")
  func leaving() throws {
    var scene = AdaptationScene()
    try scene.keep("a")
    try scene.keep("b")
    try scene.judge("a", AdaptationScene.bad)
    #expect(try scene.keep("c").isEmpty)
    try scene.keep("b", ["type": "other"])
    #expect(try scene.keep("d").isEmpty)
    #expect(try scene.judge("a", AdaptationScene.good).map(\.derived?.occurrences) == [3])
  }

  @Test("extraction revises what changed and says nothing when nothing did")
  func revising() throws {
    var scene = AdaptationScene()
    for id in three { try scene.keep(id, AdaptationScene.good) }
    #expect(try scene.extract(at: 1).isEmpty)
    try scene.keep("d", at: 2)
    let revised = try scene.extract(at: 5)
    #expect(revised.map(\.derived?.revision) == [2])
    #expect(revised.map(\.derived?.occurrences) == [4])
    #expect(revised.map(\.time) == [Timestamp(seconds: 5)])
    #expect(try scene.extract(at: 6).isEmpty)
    #expect(scene.state.groups.candidates(minOccurrences: 3).isEmpty)
  }

  @Test("a change that is undone before the extraction is no change")
  func undone() throws {
    var scene = AdaptationScene()
    for id in three { try scene.keep(id, AdaptationScene.good) }
    try scene.judge("a", AdaptationScene.best)
    try scene.judge("a", AdaptationScene.good)
    #expect(try scene.extract().isEmpty)
  }

  @Test("a request has a minimum of its own, and retires nothing")
  func ownMinimum() throws {
    var scene = AdaptationScene()
    try scene.keep("a")
    #expect(try scene.extract().isEmpty)
    #expect(try scene.extract(2).isEmpty)
    #expect(try scene.extract(1, at: 1).map(\.derived?.revision) == [1])
    try scene.judge("a", AdaptationScene.bad, at: 1)
    #expect(try scene.extract(1, at: 2).isEmpty)
    #expect(try scene.extract(-5, at: 2).isEmpty)
    #expect(scene.derived.map(\.occurrences) == [1])
  }

  @Test("a request with a high minimum leaves the change to a later extraction")
  func highMinimum() throws {
    var scene = AdaptationScene()
    for id in three + ["d"] { try scene.keep(id) }
    #expect(try scene.extract(5).isEmpty)
    #expect(try scene.extract(.max).isEmpty)
    #expect(try scene.extract(4).map(\.derived?.revision) == [2])
  }

  @Test("what a smaller minimum published is not published at once, but revised")
  func earlierRequest() throws {
    var scene = AdaptationScene()
    try scene.keep("a")
    try scene.keep("b")
    try scene.extract(2)
    #expect(try scene.keep("c").isEmpty)
    #expect(try scene.extract(at: 1).map(\.derived?.revision) == [2])
  }

  @Test("extraction publishes in order of domain, then id")
  func order() throws {
    var scene = AdaptationScene()
    for domain in ["b", "a", "é", "Z"] as [Text] {
      for kind in ["one", "two", "three", "four"] as [Text] {
        try scene.keep(Text("\(domain)-\(kind)"), ["kind": .string(kind)], domain: domain)
      }
    }
    let patterns = try scene.extract(1).compactMap(\.derived)
    #expect(patterns.count == 16)
    #expect(patterns.map(\.domain.string).filter { $0 == "Z" }.count == 4)
    for (one, next) in zip(patterns, patterns.dropFirst()) {
      #expect((one.domain, one.pattern) < (next.domain, next.pattern))
    }
  }

  @Test("every 30 minutes of stream time, once for the latest boundary, before the event")
  func periodic() throws {
    var scene = AdaptationScene()
    for id in three { try scene.keep(id, AdaptationScene.good, at: 10) }
    try scene.keep("d", at: 1799)
    let outputs = try scene.keep("e", at: 5401)
    #expect(outputs.map(\.time) == [Timestamp(seconds: 5400)])
    #expect(outputs.map(\.derived?.occurrences) == [4])
    #expect(try scene.keep("f", at: 7199).isEmpty)
    #expect(try scene.keep("g", at: 7200).map(\.derived?.occurrences) == [6])
    #expect(try scene.keep("h", at: 100).isEmpty)
    #expect(try scene.keep("i", at: 9000).map(\.derived?.occurrences) == [8])
  }

  @Test("a refused event moves stream time and what is periodic, and nothing else")
  func refused() throws {
    var shard = Shard<AdaptationStore>(rules: Rules())
    var outputs: [OutputEvent] = []
    for (index, id) in (three + ["d"]).enumerated() {
      let payload = AdaptationEvent.stored(
        adaptation: id, description: .init(context: [:], policyChanges: []),
        outcome: AdaptationScene.good)
      _ = shard.apply(
        event(payload, at: 0), source: "/t", id: Text("\(index)"), deriving: &outputs)
    }
    let bad = AdaptationEvent.outcomeRecorded(
      adaptation: "nobody", outcome: AdaptationScene.bad, description: nil)
    let verdict = shard.apply(
      event(bad, at: 2000), source: "/t", id: "bad", deriving: &outputs)
    guard case .refused(let refusal) = verdict else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.code == .unknownAdaptation)
    #expect(outputs.map(\.derived?.revision) == [1, 2])
    #expect(outputs.last?.time == Timestamp(seconds: 1800))
    #expect(shard.store.metrics(system: AdaptationScene.system).overallSuccessRate == 1)
  }

  private func event(_ payload: AdaptationEvent, at seconds: Int64) -> Event<AdaptationEvent> {
    Event(
      system: AdaptationScene.system, time: Timestamp(seconds: seconds), recordTime: nil,
      payload: payload)
  }

  @Test("a pattern that became too rare is retired by the next periodic extraction")
  func retiring() throws {
    var scene = AdaptationScene()
    for id in three { try scene.keep(id, AdaptationScene.good) }
    let id = try #require(scene.derived.first?.pattern)
    try scene.judge("c", AdaptationScene.bad, at: 1)
    #expect(try scene.extract(at: 2).isEmpty)
    #expect(scene.derived.count == 1)
    let outputs = try scene.keep("x", ["type": "other"], at: 1801)
    #expect(outputs.map(\.time) == [Timestamp(seconds: 1800)])
    #expect(outputs.map(\.retirement?.pattern) == [id])
    let reason = "Only 2 adaptations still support the pattern; at least 3 are needed."
    #expect(outputs.map(\.retirement?.reason) == [reason])
    #expect(scene.derived.isEmpty)
    #expect(try scene.keep("y", ["type": "other"], at: 3601).isEmpty)
  }

  @Test("a retired pattern comes back at revision 1, at once")
  func comingBack() throws {
    var scene = AdaptationScene()
    for id in three { try scene.keep(id, AdaptationScene.good) }
    try scene.keep("d", at: 1)
    try scene.extract(at: 2)
    for id in ["b", "c", "d"] as [Text] { try scene.judge(id, AdaptationScene.bad, at: 3) }
    let retired = try scene.judge("a", AdaptationScene.bad, at: 1800)
    #expect(retired.count == 1)
    #expect(
      retired.first?.retirement?.reason
        == "Only 1 adaptation still supports the pattern; at least 3 are needed.")
    try scene.judge("b", AdaptationScene.good, at: 1801)
    try scene.judge("c", AdaptationScene.good, at: 1802)
    let back = try scene.judge("d", AdaptationScene.good, at: 1803)
    #expect(back.map(\.derived?.revision) == [1])
    #expect(back.map(\.derived?.pattern) == retired.map(\.retirement?.pattern))
  }

  @Test("a pattern that recovers before the extraction is revised, not published at once")
  func recovering() throws {
    var scene = AdaptationScene()
    for id in three { try scene.keep(id, AdaptationScene.good) }
    try scene.judge("a", AdaptationScene.bad, at: 1)
    #expect(try scene.judge("a", AdaptationScene.good, at: 2).isEmpty)
    #expect(try scene.extract(at: 1800).map(\.derived?.revision) == [2])
  }

  @Test("the last member may leave before its pattern is retired")
  func emptied() throws {
    var scene = AdaptationScene()
    for id in three { try scene.keep(id, AdaptationScene.good) }
    for id in three { try scene.keep(id, nil, at: 1) }
    let outputs = try scene.extract(at: 1800)
    #expect(
      outputs.map(\.retirement?.reason)
        == ["No adaptation supports the pattern any more; at least 3 are needed."])
    #expect(scene.state.groups.all.isEmpty)
    for id in three { try scene.judge(id, AdaptationScene.good, at: 1801) }
    #expect(scene.derived.map(\.revision) == [1])
  }

  @Test("a pattern that a smaller minimum published is retired though nothing changed")
  func tooSmall() throws {
    var scene = AdaptationScene()
    try scene.keep("a")
    try scene.extract(1)
    #expect(try scene.extract(1, at: 1).isEmpty)
    #expect(try scene.extract(at: 1800).map { $0.retirement != nil } == [true])
    #expect(try scene.extract(1, at: 1801).map(\.derived?.revision) == [1])
  }

  @Test("retired and revised patterns come in one order")
  func mergedOrder() throws {
    var scene = AdaptationScene()
    for domain in ["a", "b", "c"] as [Text] {
      for index in 0..<3 { try scene.keep(Text("\(domain)\(index)"), domain: domain) }
    }
    try scene.keep("a3", domain: "a", at: 1)
    try scene.judge("b0", AdaptationScene.bad, at: 1)
    try scene.keep("c3", domain: "c", at: 1)
    let outputs = try scene.extract(at: 1800)
    #expect(outputs.map(\.derived?.domain) == ["a", nil, "c"])
  }
}

@Suite("Transferring patterns")
struct PatternTransferTests {
  @Test("one transferred pattern for each published one, in order of id")
  func transferring() throws {
    var scene = AdaptationScene()
    for kind in ["one", "two", "three", "four"] as [Text] {
      try scene.keep(kind, ["kind": .string(kind)])
    }
    try scene.keep("elsewhere", domain: "desktop")
    try scene.extract(1)
    let outputs = try scene.transfer("web", "mobile", at: 9)
    let patterns = outputs.compactMap(\.transferred)
    let bases = scene.derived.filter { $0.domain == "web" }
    #expect(bases.count == 4 && patterns.map(\.basePattern) == bases)
    #expect(outputs.allSatisfy { $0.time == Timestamp(seconds: 9) })
    for pattern in patterns {
      let id = Fingerprint.id(of: "transfer", pattern.basePattern.pattern, "mobile")
      #expect(pattern.pattern == id)
      #expect(pattern.sourceDomain == "web" && pattern.targetDomain == "mobile")
      #expect(AdaptationScene.isNear(pattern.confidence, 0.64))  // 0.8 · 0.8
    }
    #expect(scene.state.transferred.count == 4)
  }

  @Test("a transfer takes the base as last published, and again when asked again")
  func again() throws {
    var scene = AdaptationScene()
    for id in ["a", "b", "c", "d"] as [Text] { try scene.keep(id, AdaptationScene.good) }
    let first = try scene.transfer("web", "mobile")
    #expect(first.map(\.transferred?.basePattern.occurrences) == [3])
    #expect(try scene.transfer("web", "mobile") == first)
    try scene.extract()
    let next = try scene.transfer("web", "mobile")
    #expect(next.map(\.transferred?.basePattern.revision) == [2])
    #expect(scene.state.transferred.count == 1)
    #expect(try scene.transfer("nowhere", "mobile").isEmpty)
  }

  @Test("a transferred pattern outlives its base")
  func outliving() throws {
    var scene = AdaptationScene()
    for id in ["a", "b", "c"] as [Text] { try scene.keep(id, AdaptationScene.good) }
    try scene.transfer("web", "mobile")
    try scene.judge("a", AdaptationScene.bad, at: 1)
    try scene.extract(at: 1800)
    #expect(scene.derived.isEmpty && scene.state.transferred.count == 1)
    #expect(try scene.transfer("web", "mobile", at: 1801).isEmpty)
  }
}
