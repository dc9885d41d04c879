import System5Core
import Testing

private let acme: Text = "acme"
private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

/// The code with which a call is refused; nil when it is not.
private func code<Result>(_ call: () throws -> Result) -> Refusal.Code? {
  do {
    _ = try call()
    return nil
  } catch {
    return (error as? Refusal)?.code
  }
}

@Suite struct PolicyVersionTests {
  var store = PolicyStore()

  @Test mutating func storesTheFirstVersion() throws {
    try store.storePolicy(
      "budget", data: ["max": 1], metadata: ["by": "ann"], system: acme, at: at(1))
    let policy = try store.getPolicy("budget", system: acme)
    #expect(policy.version == 1 && policy.isActive && policy.current.previousVersion == nil)
    #expect(policy.data == ["max": 1] && policy.metadata == ["by": "ann"])
    #expect(policy.createdAt == at(1) && policy.updatedAt == at(1))
  }

  @Test mutating func storingAgainReplaces() throws {
    try store.storePolicy("p", data: ["a": 1], metadata: ["m": 1], system: acme, at: at(1))
    let policy = try store.storePolicy("p", data: ["b": 2], system: acme, at: at(2))
    #expect(policy.version == 2 && policy.current.previousVersion == 1)
    #expect(policy.data == ["b": 2] && policy.metadata == [:])
    #expect(policy.createdAt == at(1) && policy.updatedAt == at(2))
  }

  @Test mutating func updatingPatchesDataAndMergesMetadata() throws {
    try store.storePolicy(
      "p", data: ["a": ["x": 1, "y": 2], "b": 1], metadata: ["k": ["x": 1], "l": 1],
      system: acme, at: at(1))
    let policy = try store.updatePolicy(
      "p", data: ["a": ["x": nil], "b": nil], metadata: ["k": ["y": 2], "l": nil],
      expectedVersion: 1, system: acme, at: at(2))
    #expect(policy.version == 2)
    #expect(policy.data == ["a": ["y": 2]])
    #expect(policy.metadata == ["k": ["y": 2], "l": nil])
  }

  @Test mutating func rollingBackMakesANewVersion() throws {
    try store.storePolicy("p", data: ["a": 1], metadata: ["m": 1], system: acme, at: at(1))
    try store.storePolicy("p", data: ["a": 2], system: acme, at: at(2))
    let policy = try store.rollBackPolicy(
      "p", toVersion: 1, expectedVersion: 2, system: acme, at: at(3))
    #expect(policy.version == 3 && policy.data == ["a": 1] && policy.metadata == ["m": 1])
    let history = try store.getPolicyHistory("p", system: acme)
    #expect(history.map(\.version) == [1, 2, 3])
    #expect(history.map(\.createdAt) == [at(1), at(2), at(3)])
  }

  @Test mutating func keepsTheLastVersions() throws {
    for number in 1...12 {
      try store.storePolicy(
        "p", data: ["n": .number(JSONNumber(Int64(number)))], system: acme, at: at(Int64(number)))
    }
    #expect(try store.getPolicyHistory("p", system: acme).map(\.version) == Array(3...12))
    #expect(try store.getPolicy("p", system: acme).createdAt == at(1))
    #expect(try store.getPolicyVersion("p", version: 3, system: acme).data == ["n": 3])
    let before = store.found("p")
    #expect(
      code { try store.rollBackPolicy("p", toVersion: 2, system: acme, at: at(13)) }
        == .versionNotFound)
    #expect(
      code { try store.getPolicyVersion("p", version: 2, system: acme) } == .versionNotFound)
    #expect(store.found("p") == before)
  }

  @Test func keepsAtLeastTheVersionInForce() throws {
    var rules = Rules()
    rules.policyVersions = 0
    var store = PolicyStore(rules: rules)
    try store.storePolicy("p", data: [:], system: acme, at: at(1))
    try store.storePolicy("p", data: [:], system: acme, at: at(2))
    #expect(try store.getPolicyHistory("p", system: acme).map(\.version) == [2])
  }
}

@Suite struct PolicyDeletionTests {
  var store = PolicyStore()

  init() throws {
    try store.storePolicy("p", data: ["a": 1], system: acme, at: at(1))
  }

  @Test mutating func deletionIsSoft() throws {
    let deleted = try store.deletePolicy("p", expectedVersion: 1, system: acme, at: at(2))
    #expect(deleted.deletedAt == at(2) && deleted.updatedAt == at(2) && deleted.version == 1)
    #expect(code { try store.getPolicy("p", system: acme) } == .policyDeleted)
    #expect(try store.getPolicyHistory("p", system: acme).count == 1)
    #expect(try store.getPolicyVersion("p", version: 1, system: acme).data == ["a": 1])
  }

  @Test mutating func restoringUndoesIt() throws {
    try store.deletePolicy("p", system: acme, at: at(2))
    let policy = try store.restorePolicy("p", system: acme, at: at(3))
    #expect(policy.isActive && policy.version == 1 && policy.updatedAt == at(3))
    #expect(code { try store.restorePolicy("p", system: acme, at: at(4)) } == .policyNotDeleted)
  }

  @Test mutating func storingRevives() throws {
    try store.deletePolicy("p", system: acme, at: at(2))
    let policy = try store.storePolicy("p", data: ["b": 1], system: acme, at: at(3))
    #expect(policy.isActive && policy.version == 2)
  }
}

@Suite struct PolicyRefusalTests {
  var store = PolicyStore()

  init() throws {
    try store.storePolicy("p", data: [:], system: acme, at: at(1))
    try store.storePolicy("gone", data: [:], system: acme, at: at(1))
    try store.deletePolicy("gone", system: acme, at: at(2))
  }

  @Test(
    arguments: [("none", .unknownPolicy), ("gone", .policyDeleted), ("p", .versionConflict)]
      as [(Text, Refusal.Code)])
  mutating func checksInOrder(policy: Text, expected: Refusal.Code) {
    var store = store
    #expect(
      code {
        try store.updatePolicy(policy, data: [:], expectedVersion: 9, system: acme, at: at(3))
      } == expected)
    #expect(
      code {
        try store.rollBackPolicy(
          policy, toVersion: 9, expectedVersion: 9, system: acme, at: at(3))
      } == expected)
    #expect(
      code { try store.deletePolicy(policy, expectedVersion: 9, system: acme, at: at(3)) }
        == expected)
    #expect(store.all() == self.store.all())
    #expect(store.streamTime() == at(2))
  }

  @Test mutating func unknownSystemsAreNotMade() {
    #expect(code { try store.deletePolicy("p", system: "other", at: at(3)) } == .unknownPolicy)
    #expect(code { try store.restorePolicy("p", system: "other", at: at(3)) } == .unknownPolicy)
    #expect(code { try store.getPolicyHistory("p", system: "other") } == .unknownPolicy)
    #expect(store.streamTime(of: "other") == nil)
  }

  @Test mutating func messagesNameWhatWasFoundAndExpected() throws {
    let refusal = #expect(throws: Refusal.self) {
      try store.updatePolicy("p", data: [:], expectedVersion: 9, system: acme, at: at(3))
    }
    #expect(refusal?.message == "Policy \"p\" is at version 1; version 9 was expected.")
  }

  @Test func deletedPoliciesCountTowardsTheLimit() throws {
    var rules = Rules()
    rules.limits.policies = 1
    var store = PolicyStore(rules: rules)
    try store.storePolicy("a", data: [:], system: acme, at: at(1))
    try store.deletePolicy("a", system: acme, at: at(2))
    #expect(
      code { try store.storePolicy("b", data: [:], system: acme, at: at(3)) } == .limitExceeded)
    try store.storePolicy("a", data: [:], system: acme, at: at(4))
    try store.storePolicy("b", data: [:], system: "other", at: at(5))
  }
}

@Suite struct PolicyEffectivenessTests {
  var store = PolicyStore()

  init() throws {
    try store.storePolicy("p", data: [:], system: acme, at: at(1))
  }

  @Test func isOneWithoutOutcomes() throws {
    let policy = try store.getPolicy("p", system: acme)
    #expect(policy.effectiveness == 1)
    #expect(policy.effectivenessInterval == (0, 1))
  }

  @Test mutating func addsCounts() throws {
    let counts = PolicyCounts(usage: 5, successes: 4, failures: 1)
    try store.recordPolicyEffectiveness("p", counts, system: acme, at: at(2))
    let policy = try store.recordPolicyEffectiveness(
      "p", PolicyCounts(usage: 5, successes: 5), system: acme, at: at(3))
    #expect(policy.usageCount == 10 && policy.successCount == 9 && policy.failureCount == 1)
    #expect(policy.effectiveness == 0.9)
    #expect(abs(policy.effectivenessInterval.lower - 0.5958499732047615) < 1e-12)
    #expect(abs(policy.effectivenessInterval.upper - 0.9821237869049271) < 1e-12)
    #expect(policy.version == 1 && policy.updatedAt == at(1))
  }

  @Test mutating func countsSaturate() throws {
    let counts = PolicyCounts(usage: .max, successes: .max, failures: .max)
    try store.recordPolicyEffectiveness("p", counts, system: acme, at: at(2))
    let policy = try store.recordPolicyEffectiveness("p", counts, system: acme, at: at(3))
    #expect(policy.usageCount == .max && policy.successCount == .max)
    #expect(policy.effectiveness == 0.5)
  }

  @Test mutating func refusesDeletedUnknownAndNegative() throws {
    let negative = PolicyCounts(failures: -1)
    #expect(
      code { try store.recordPolicyEffectiveness("p", negative, system: acme, at: at(2)) }
        == .invalidData)
    #expect(
      code { try store.recordPolicyEffectiveness("q", negative, system: acme, at: at(2)) }
        == .unknownPolicy)
    try store.deletePolicy("p", system: acme, at: at(2))
    #expect(
      code { try store.recordPolicyEffectiveness("p", negative, system: acme, at: at(2)) }
        == .policyDeleted)
  }
}
