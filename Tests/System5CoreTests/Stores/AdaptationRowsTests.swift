import HashTreeCollections
import Testing

@testable import System5Core

/// What is kept for questions about all adaptations, against a look at each of them.
@Suite("Questions about all adaptations")
struct AdaptationRowsTests {
  @Test("answers are those of a scan, whatever came and however often", arguments: 0..<8)
  func likeAScan(seed: UInt64) throws {
    var scene = AdaptationScene()
    var draw = AdaptationDraw(seed)
    var snapshots: [(state: SystemAdaptations, question: JSONObject, answer: [Text])] = []
    for step in 0..<900 {
      try draw.change(&scene, at: Int64(step / 7))
      guard step % 45 == 0 else { continue }
      let question = draw.context()
      expectScan(scene.state, question, limit: draw.below(20) + 1)
      snapshots.append((scene.state, question, ids(scene.state, question)))
    }
    for snapshot in snapshots {
      #expect(ids(snapshot.state, snapshot.question) == snapshot.answer)
      expectScan(snapshot.state, snapshot.question, limit: 5)
    }
  }

  @Test("answers are the same after a restore, in whatever order adaptations come back")
  func restored() throws {
    var scene = AdaptationScene()
    var draw = AdaptationDraw(9)
    for step in 0..<700 { try draw.change(&scene, at: Int64(step / 7)) }
    let state = scene.state
    let shuffled = state.adaptations.values.shuffled(using: &draw.generator)
    var restored = SystemAdaptations(
      streamTime: state.streamTime, adaptations: shuffled, published: state.published.values,
      learned: [], transferred: [], overallSuccessRate: state.overallSuccessRate, rules: Rules())
    var restoration = SystemAdaptations.Restoration(rules: Rules())
    for adaptation in shuffled {
      restoration.restore(adaptation, ContextCells(of: adaptation.context))
    }
    let fromCheckpoint = restoration.finish()
    for _ in 0..<30 {
      let question = draw.context()
      expectScan(restored, question, limit: 10)
      expectScan(fromCheckpoint, question, limit: 10)
      #expect(ids(restored, question) == ids(state, question))
    }
    #expect(fromCheckpoint.metrics.domains.elementsEqual(state.metrics.domains, by: ==))
    #expect(restored.successful(threshold: 0.5) == state.successful(threshold: 0.5))
    // An adaptation of one system, put into another, has its row in that one.
    for adaptation in shuffled.prefix(50) { restored.put(adaptation, rules: Rules()) }
    expectScan(restored, draw.context(), limit: 10)
    #expect(restored.rows.count == state.adaptations.count)
  }

  @Test("names and values that share a hash are told apart")
  func sharedHashes() throws {
    let (one, other) = try #require(namesOfOneHash())
    var scene = AdaptationScene()
    try scene.keep("categorical", JSONObject([.init(name: one, value: "x")]))
    try scene.keep("far", JSONObject([.init(name: one, value: 1000)]))
    try scene.keep("near", JSONObject([.init(name: other, value: 2)]))
    try scene.keep("nearest", JSONObject([.init(name: other, value: 4)]))
    for value in [3, "x"] as [JSONValue] {
      let question = JSONObject([.init(name: other, value: value)])
      #expect(SimilarRows(to: question, in: scene.state).best(10) == nil)
      #expect(scene.state.similar(to: question, limit: 10).count == 4)
    }
    let both = JSONObject([.init(name: one, value: 5), .init(name: other, value: 2)])
    #expect(SimilarRows(to: both, in: scene.state).best(1) == nil)
    let found = scene.state.similar(to: both, limit: 1)
    #expect(found.map(\.adaptation.adaptation) == ["near"])
    #expect(found.map(\.similarity) == [0.5])
  }

  @Test("an adaptation is itself wherever its row lies")
  func rowsAreNoContent() throws {
    var scene = AdaptationScene()
    try scene.keep("b")
    try scene.keep("a")
    var alone = AdaptationScene()
    try alone.keep("a")
    #expect(scene["a"] == alone["a"] && scene["a"]?.hashValue == alone["a"]?.hashValue)
  }

  private func expectScan(_ state: SystemAdaptations, _ question: JSONObject, limit: Int) {
    let scan = Similarity(to: question, in: state.adaptations).best(limit, of: state.adaptations)
    let found = SimilarRows(to: question, in: state).best(limit)
    #expect(found?.map(\.similarity.bitPattern) == scan.map(\.similarity.bitPattern))
    #expect(found?.map(\.adaptation) == scan.map(\.adaptation))
    for threshold in [0, 0.3, 0.7, 1, .nan] {
      let successful = state.adaptations.values.filter { ($0.effectiveness ?? -1) >= threshold }
        .sorted {
          ($1.effectiveness ?? 0, $0.adaptation) < ($0.effectiveness ?? 0, $1.adaptation)
        }
      #expect(state.successful(threshold: threshold) == successful)
    }
  }

  private func ids(_ state: SystemAdaptations, _ question: JSONObject) -> [Text] {
    state.similar(to: question, limit: 12).map(\.adaptation.adaptation)
  }

  /// Another pair in each process, as hashes are; among 400,000 names none has ever been missed.
  private func namesOfOneHash() -> (Text, Text)? {
    var seen: [UInt32: Text] = [:]
    for number in 0..<400_000 {
      let name = Text("n\(number)")
      let hash = ContextName(of: .init(name: name, value: .null)).hash
      if let other = seen.updateValue(name, forKey: hash) {
        return other < name ? (other, name) : (name, other)
      }
    }
    return nil
  }
}

/// Draws contexts and changes.
private struct AdaptationDraw {
  var generator: AdaptationShuffler

  init(_ seed: UInt64) { generator = AdaptationShuffler(state: seed) }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

  /// Stores, mostly under a new id, or judges one that may be there.
  mutating func change(_ scene: inout AdaptationScene, at seconds: Int64) throws {
    let id = Text("adaptation \(below(400))")
    let outcome = Outcome(
      success: below(3) > 0, performanceImpact: Double(below(5)) / 4,
      stabilityImpact: Double(below(3)) / 2)
    if below(3) == 0, scene[id] != nil {
      try scene.judge(id, outcome, at: seconds)
    } else {
      try scene.keep(
        id, context(), domain: Text("d\(below(2))"), below(4) == 0 ? nil : outcome, at: seconds)
    }
  }

  /// Of a few attributes with few values, of every kind.
  mutating func context() -> JSONObject {
    let names: [Text] = ["load", "région", "type", "zone", "a", "severity of the anomaly"]
    return JSONObject(
      names.shuffled(using: &generator).prefix(below(6)).map {
        JSONObject.Member(name: $0, value: value())
      })
  }

  private mutating func value() -> JSONValue {
    switch below(9) {
    case 0: .null
    case 1: .bool(below(2) == 0)
    case 2: ["x", .number(JSONNumber(Int64(below(2))))]
    case 3: ["k": .number(JSONNumber(Int64(below(2))))]
    case 4: ["true", "null", "1"][below(3)]
    case 5, 6: .number(JSONNumber(checked: ["-0", "0", "5.0", "5", "1e308", "0.1"][below(6)]))
    default: .number(JSONNumber(Int64(below(40) - 20)))
    }
  }
}
