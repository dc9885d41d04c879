import System5Core
import Testing

@testable import system5

@Suite struct TopicPlanTests {
  private let definitions = TopicDefinitions(topics: [
    .init(
      name: "events", partitions: 4, partitionsOf: nil, config: ["cleanup.policy": "delete"]),
    .init(
      name: "checkpoints", partitions: 4, partitionsOf: "events",
      config: ["cleanup.policy": "compact"]),
  ])

  private func plan(
    partitions: Int? = nil, _ present: [String: TopicPlan.Present] = [:]
  ) -> [TopicPlan.Step] {
    TopicPlan(definitions, prefix: "p.", partitions: partitions, present: present).steps
  }

  @Test func whatIsMissingIsCreated() {
    #expect(plan().map(\.action) == [.create, .create])
    #expect(plan().map(\.topic) == ["p.events", "p.checkpoints"])
    #expect(plan(partitions: 7).map(\.partitions) == [7, 7])
  }

  @Test func aFollowerHasAsManyPartitionsAsWhatItFollows() {
    let steps = plan(
      partitions: 9, ["p.events": .init(partitions: 6, config: ["cleanup.policy": "delete"])])
    #expect(steps.map(\.partitions) == [6, 6])
    #expect(steps[0].differences == ["has 6 partitions, not 9"])
    #expect(!steps[0].isBroken)
  }

  @Test func aFollowerThatDiffersIsBroken() {
    let steps = plan([
      "p.events": .init(partitions: 4, config: [:]),
      "p.checkpoints": .init(partitions: 3, config: ["cleanup.policy": "delete"]),
    ])
    #expect(steps.map(\.action) == [.keep, .differs])
    #expect(steps[1].isBroken)
    #expect(
      steps[1].differences == [
        "has 3 partitions, not 4", "has cleanup.policy=delete, not compact",
      ])
  }
}

@Suite struct RulesFileTests {
  @Test func namesAreThoseOfTheRules() throws {
    let rules = try RulesFile.rules(
      from: [
        "min_occurrences": 2, "variety_retention_seconds": 3600, "pattern_effectiveness": 0.5,
        "limits": ["sources": 3],
      ], of: "rules.json")
    var expected = Rules()
    expected.minOccurrences = 2
    expected.varietyRetention = .hours(1)
    expected.patternEffectiveness = 0.5
    expected.limits.sources = 3
    #expect(rules == expected)
  }

  @Test(
    arguments: [
      ["min_ocurrences": 2], ["min_occurrences": 0], ["min_occurrences": "3"], ["limits": 3],
      ["limits": ["x": 1]], ["pattern_effectiveness": 1.5],
    ] as [JSONObject])
  func aBadRuleIsAnErrorOfConfiguration(object: JSONObject) {
    let failure = #expect(throws: CommandFailure.self) {
      try RulesFile.rules(from: object, of: "rules.json")
    }
    #expect(failure?.code == .configuration)
  }
}
