import HashTreeCollections
import Testing

@testable import System5Core

@Suite("Asking about adaptations")
struct AdaptationQueryTests {
  private func similar(
    _ scene: AdaptationScene, _ context: JSONObject, limit: Int = 10
  ) -> [(adaptation: Adaptation, similarity: Double)] {
    scene.store.findSimilarAdaptations(context, limit: limit, system: AdaptationScene.system)
  }

  private func similarity(_ context: JSONObject, among others: [JSONObject]) throws -> Double? {
    var scene = AdaptationScene()
    for (index, other) in others.enumerated() { try scene.keep(Text("a\(index)"), other) }
    return similar(scene, context).first { $0.adaptation.adaptation == "a0" }?.similarity
  }

  @Test("Gower's similarity is the mean over the union of attributes")
  func gower() throws {
    let others: [JSONObject] = [["type": "slow", "load": 20, "zone": "eu"], ["load": 60]]
    // type 1, load 1 − 10/40 = 0.75, zone 0, team 0.
    let found = try similarity(["type": "slow", "load": 30, "team": nil], among: others)
    #expect(AdaptationScene.isNear(found, 1.75 / 4))
  }

  @Test(
    "categorical values are equal or not",
    arguments: [
      (["x": nil], ["x": nil], 1), (["x": true], ["x": true], 1), (["x": true], ["x": "true"], 0),
      (["x": ["b", 1]], ["x": ["b", 1]], 1), (["x": ["b", 1]], ["x": [1, "b"]], 0),
      (["x": ["k": 1]], ["x": ["k": 1]], 1), (["x": 1], ["x": "1"], 0), (["x": "1"], ["x": 1], 0),
    ] as [(JSONObject, JSONObject, Double)])
  func categorical(context: JSONObject, other: JSONObject, expected: Double) throws {
    #expect(try similarity(context, among: [other]) == expected)
  }

  @Test("over a range of 0 numbers are equal or not, however they are spelt")
  func noRange() throws {
    let spelt = JSONObject([.init(name: "x", value: try number("5.0"))])
    #expect(try similarity(["x": 5], among: [spelt]) == 1)
    #expect(try similarity(["x": 6], among: [["x": 5]]) == 0)
  }

  @Test("a number far out of range is not less than unlike, and huge ones do no harm")
  func farOut() throws {
    #expect(try similarity(["x": 1000], among: [["x": 0], ["x": 10]]) == 0)
    let huge = JSONObject([.init(name: "x", value: try number("1e308"))])
    let low = JSONObject([.init(name: "x", value: try number("-1e308"))])
    #expect(try similarity(huge, among: [huge, low]) == 1)
    #expect(try similarity(low, among: [huge, low]) == 0)
  }

  @Test("two empty contexts are alike, an empty and another are not")
  func empty() throws {
    #expect(try similarity([:], among: [[:]]) == 1)
    #expect(try similarity([:], among: [["x": 1]]) == 0)
    #expect(try similarity(["x": 1], among: [[:]]) == 0)
  }

  @Test("the most similar come first, ties to the newer, then by id descending")
  func order() throws {
    var scene = AdaptationScene()
    try scene.keep("old", at: 1)
    try scene.keep("b", at: 2)
    try scene.keep("a", at: 2)
    try scene.keep("half", ["type": "slow", "load": 99], at: 9)
    try scene.judge("old", AdaptationScene.good, at: 10)
    let found = similar(scene, AdaptationScene.slow)
    #expect(found.map(\.adaptation.adaptation) == ["b", "a", "old", "half"])
    #expect(found.map(\.similarity) == [1, 1, 1, 0.5])
    #expect(
      similar(scene, AdaptationScene.slow, limit: 2).map(\.adaptation.adaptation) == ["b", "a"])
    #expect(similar(scene, AdaptationScene.slow, limit: 0).isEmpty)
    #expect(similar(scene, AdaptationScene.slow, limit: .max).count == 4)
    #expect(similar(scene, AdaptationScene.slow, limit: -1).isEmpty)
  }

  @Test("a limit gives the beginning of the whole list")
  func limits() throws {
    var scene = AdaptationScene()
    var shuffler = AdaptationShuffler(state: 1)
    for index in 0..<300 {
      let load = Int64.random(in: 0..<40, using: &shuffler)
      try scene.keep(Text("a\(index)"), ["load": .number(JSONNumber(load))])
    }
    let all = similar(scene, ["load": 17], limit: 1000).map(\.adaptation.adaptation)
    #expect(all.count == 300)
    for limit in [1, 7, 8, 9, 50, 299, 300] {
      let found = similar(scene, ["load": 17], limit: limit)
      #expect(found.map(\.adaptation.adaptation) == Array(all.prefix(limit)))
    }
  }

  @Test("the successful ones, most effective first, then by id")
  func successful() throws {
    var scene = AdaptationScene()
    try scene.keep("c", AdaptationScene.best)
    try scene.keep("b", AdaptationScene.good)
    try scene.keep("a", AdaptationScene.good)
    try scene.keep("weak", Outcome(success: true))
    try scene.keep("unjudged", nil)
    let system = AdaptationScene.system
    #expect(
      scene.store.getSuccessfulAdaptations(system: system).map(\.adaptation) == ["c", "a", "b"])
    #expect(
      scene.store.getSuccessfulAdaptations(threshold: 0.5, system: system).map(\.adaptation)
        == ["c", "a", "b", "weak"])
    #expect(
      scene.store.getSuccessfulAdaptations(threshold: 1, system: system).map(\.adaptation)
        == ["c"])
  }

  @Test("metrics count adaptations, domains and patterns of every origin")
  func metrics() throws {
    var scene = AdaptationScene()
    for id in ["a", "b", "c"] as [Text] { try scene.keep(id) }
    try scene.keep("d", domain: "mobile", AdaptationScene.bad)
    try scene.transfer("web", "mobile")
    try scene.learn(
      LearnedPattern(pattern: "p", triggerConditions: [:], recommendedActions: [], confidence: 1))
    let metrics = scene.store.metrics(system: AdaptationScene.system)
    #expect(
      metrics
        == AdaptationMetrics(
          totalAdaptations: 4, totalPatterns: 3, overallSuccessRate: 0.9,
          domains: [(domain: "mobile", adaptations: 1), (domain: "web", adaptations: 3)]))
    let patterns = scene.store.patterns(system: AdaptationScene.system).map(\.pattern)
    #expect(patterns.count == 3 && patterns == patterns.sorted())
  }

  private func number(_ spelling: String) throws -> JSONValue {
    .number(try #require(JSONNumber(spelling)))
  }
}
