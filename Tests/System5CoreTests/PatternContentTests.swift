import HashTreeCollections
import Testing

@testable import System5Core

@Suite("What a pattern says")
struct PatternContentTests {
  @Test("the content of three adaptations, worked out by hand")
  func content() throws {
    var scene = AdaptationScene()
    try scene.keep(
      "a", ["type": "slow", "load": 10, "zone": nil], ["scale", "cache", "scale"],
      AdaptationScene.good, at: 5)
    try scene.keep(
      "b", ["type": "slow", "load": 20, "zone": nil], ["scale"], AdaptationScene.best, at: 3)
    let outputs = try scene.keep(
      "c", ["type": "slow", "load": 60, "zone": nil], ["cache"],
      Outcome(success: false, performanceImpact: 3), at: 9)
    let pattern = try #require(outputs.first?.derived)
    #expect(outputs.count == 1 && outputs[0].time == Timestamp(seconds: 9))
    #expect(pattern.domain == "web" && pattern.revision == 1 && pattern.occurrences == 3)
    #expect(AdaptationScene.isNear(pattern.averageEffectiveness, 2.7 / 3))  // 0.8, 1, 0.9
    // Wilson of 2 in 3.
    #expect(AdaptationScene.isNear(pattern.effectivenessLower, 0.207_659_600_802_047_65))
    #expect(pattern.commonContext == ["type": "slow", "zone": nil])
    #expect(pattern.contextRanges == [.init(name: "load", min: 10, mean: 30, max: 60)])
    #expect(pattern.recommendedActions.map(\.action) == ["scale", "cache"])
    #expect(pattern.recommendedActions.map(\.support) == [2.0 / 3, 2.0 / 3])
    // 0.8, 1.
    #expect(AdaptationScene.isNear(pattern.recommendedActions[0].averageEffectiveness, 0.9))
    // 0.8, 0.9.
    #expect(AdaptationScene.isNear(pattern.recommendedActions[1].averageEffectiveness, 0.85))
    #expect(pattern.firstSeen == Timestamp(seconds: 3))
    #expect(pattern.lastSeen == Timestamp(seconds: 9))
    #expect(pattern.evidence == ["c", "a", "b"])
  }

  @Test("three of three successes are worth 0.4385 at least")
  func wilson() throws {
    var scene = AdaptationScene()
    for id in ["a", "b", "c"] as [Text] { try scene.keep(id) }
    #expect(
      AdaptationScene.isNear(
        scene.derived.first?.effectivenessLower, 3 / (3 + 3.841_458_820_694_124)))
  }

  @Test("the pattern's id is a fingerprint of domain and signature")
  func id() throws {
    var scene = AdaptationScene()
    for id in ["a", "b", "c"] as [Text] { try scene.keep(id) }
    let signature: Text = #"{"categorical":{"type":"slow"},"numeric":["load"]}"#
    let id = Fingerprint.id(of: "pattern", "web", signature)
    #expect(scene.derived.map(\.pattern) == [id])
    #expect(scene.state.published.keys.map(\.text) == [id])
    #expect(scene.derived.map { PatternKey(of: $0).text } == [id])
  }

  @Test("an id with leading zeros keeps them")
  func leadingZeros() throws {
    for index in 0..<200 {
      let name = Text("d\(index)")
      #expect(
        PatternKey(domain: name, signature: "{}").text == Fingerprint.id(of: "pattern", name, "{}"))
    }
  }

  @Test(
    "contexts that differ in a categorical value, its kind, or what is numeric are apart",
    arguments: [
      ["type": "fast", "load": 10], ["type": "slow", "load": "10"], ["type": "slow"],
      ["type": "slow", "load": 10, "more": 1], ["type": ["slow"], "load": 10],
      ["type": nil, "load": 10], ["kind": "slow", "load": 10],
    ] as [JSONObject])
  func apart(context: JSONObject) throws {
    var scene = AdaptationScene()
    try scene.keep("a")
    try scene.keep("b")
    #expect(try scene.keep("c", context).isEmpty)
    #expect(try scene.keep("d", domain: "mobile").isEmpty)
    #expect(try scene.keep("e").count == 1)
  }

  @Test("objects and arrays agree by their canonical text")
  func nested() throws {
    var scene = AdaptationScene()
    let context: JSONObject = ["at": ["b": [1, nil], "a": true]]
    for id in ["a", "b", "c"] as [Text] {
      try scene.keep(id, ["at": ["a": true, "b": [1, nil]]])
    }
    #expect(scene.derived.map(\.commonContext) == [context])
  }

  @Test("the best five actions: support, then average effectiveness, then name by bytes")
  func actions() throws {
    var scene = AdaptationScene()
    try scene.keep("a", ["x": 1], ["é", "Z", "a", "low", "all"], AdaptationScene.best)
    try scene.keep("b", ["x": 1], ["all", "low2", "twice"], AdaptationScene.good)
    try scene.keep("c", ["x": 1], ["all", "twice"], AdaptationScene.good)
    let names = scene.derived.first?.recommendedActions.map(\.action)
    #expect(names == ["all", "twice", "Z", "a", "low"])
  }

  @Test("the evidence is the latest ten, newest first, then by id descending")
  func evidence() throws {
    var scene = AdaptationScene()
    for index in 10..<22 { try scene.keep(Text("a\(index)"), at: index < 15 ? 1 : 2) }
    try scene.judge("a10", AdaptationScene.good, at: 3)
    try scene.extract(at: 3)
    let expected: [Text] = [
      "a10", "a21", "a20", "a19", "a18", "a17", "a16", "a15", "a14", "a13",
    ]
    #expect(scene.derived.map(\.evidence) == [expected])
  }

  @Test(
    "any order of the same adaptations gives the same pattern",
    arguments: 1...10 as ClosedRange<UInt64>)
  func order(seed: UInt64) throws {
    func content(_ indices: [Int64]) throws -> [DerivedPattern] {
      var scene = AdaptationScene()
      try scene.keep("start", nil, at: 1000)
      for index in indices {
        let load = try #require(JSONNumber(Double(index) * 0.1))
        let outcome = Outcome(success: true, performanceImpact: 0.4 + Double(index) * 0.01)
        try scene.keep(
          Text("a\(index)"), ["load": .number(load)], [Text("p\(index % 7)"), "common"],
          outcome, at: index % 5)
      }
      try scene.extract(at: 1000)
      return scene.derived.map { pattern in
        var pattern = pattern
        pattern.revision = 0
        return pattern
      }
    }
    let indices = Array(0..<40 as Range<Int64>)
    var shuffler = AdaptationShuffler(state: seed)
    let expected = try content(indices)
    #expect(expected.count == 1)
    #expect(try content(indices.shuffled(using: &shuffler)) == expected)
  }
}
