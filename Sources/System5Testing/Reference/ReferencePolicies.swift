import System5Core

typealias ReferenceObject = [ReferenceWord: ReferenceValue]

struct ReferencePolicyCommand {
  enum Action {
    case stored(data: ReferenceObject, metadata: ReferenceObject)
    case updated(data: ReferenceObject, metadata: ReferenceObject)
    case rolledBack(to: Int)
    case deleted, restored
    case effectiveness(usages: Int, successes: Int, failures: Int)
  }

  var policy: ReferenceWord
  var action: Action
  var expectedVersion: Int?

  init(_ event: ReferenceEvent) throws(ReferenceRefusal) {
    let data = event.data
    policy = try data.id("policy")
    switch event.type {
    case "system5.policy.stored":
      action = .stored(
        data: try data.object("data"), metadata: try data.optionalObject("metadata"))
      return
    case "system5.policy.updated":
      action = .updated(
        data: try data.object("data"), metadata: try data.optionalObject("metadata"))
    case "system5.policy.rolled-back":
      action = .rolledBack(to: try data.count("to_version", from: 1))
    case "system5.policy.deleted": action = .deleted
    case "system5.policy.restored":
      action = .restored
      return
    default:
      action = .effectiveness(
        usages: try data.count("usage_count", from: 0, default: 0),
        successes: try data.count("success_count", from: 0, default: 0),
        failures: try data.count("failure_count", from: 0, default: 0))
      return
    }
    expectedVersion = try data.optionalCount("expected_version")
  }
}

/// The policies of one system. They have no results, only refusals and a state.
struct ReferencePolicies: Sendable {
  struct Version: Sendable {
    var number: Int
    var data: ReferenceObject
    var metadata: ReferenceObject
  }

  struct Policy: Sendable {
    var versions: [Version]
    var created: ReferenceTime
    var updated: ReferenceTime
    var deleted: ReferenceTime?
    var usages = 0
    var successes = 0
    var failures = 0

    var current: Version { versions[versions.count - 1] }
  }

  let rules: Rules
  var policies: [ReferenceWord: Policy] = [:]

  init(rules: Rules) { self.rules = rules }

  mutating func apply(
    _ command: ReferencePolicyCommand, at time: ReferenceTime
  ) throws(ReferenceRefusal) {
    if case .stored(let data, let metadata) = command.action {
      return try store(command.policy, data, metadata, at: time)
    }
    var time = time
    guard var policy = policies[command.policy] else { throw ReferenceRefusal("unknown-policy") }
    try check(command, on: policy)
    switch command.action {
    case .stored: break
    case .updated(let patch, let metadata):
      let current = policy.current
      add(
        Version(
          number: 0, data: merged(.object(current.data), .object(patch)).members ?? [:],
          metadata: current.metadata.merging(metadata) { $1 }), to: &policy)
    case .rolledBack(let number):
      guard let version = policy.versions.first(where: { $0.number == number }) else {
        throw ReferenceRefusal("version-not-found")
      }
      add(version, to: &policy)
    case .deleted: policy.deleted = time
    case .restored: policy.deleted = nil
    case .effectiveness(let usages, let successes, let failures):
      // Counts are no change of the policy.
      time = policy.updated
      policy.usages += usages
      policy.successes += successes
      policy.failures += failures
    }
    policy.updated = time
    policies[command.policy] = policy
  }

  private func check(
    _ command: ReferencePolicyCommand, on policy: Policy
  ) throws(ReferenceRefusal) {
    if case .restored = command.action {
      if policy.deleted == nil { throw ReferenceRefusal("policy-not-deleted") }
      return
    }
    if policy.deleted != nil { throw ReferenceRefusal("policy-deleted") }
    if let expected = command.expectedVersion, expected != policy.current.number {
      throw ReferenceRefusal("version-conflict")
    }
  }

  private mutating func store(
    _ id: ReferenceWord, _ data: ReferenceObject, _ metadata: ReferenceObject,
    at time: ReferenceTime
  ) throws(ReferenceRefusal) {
    if policies[id] == nil, policies.count >= rules.limits.policies {
      throw ReferenceRefusal("limit-exceeded")
    }
    var policy = policies[id] ?? Policy(versions: [], created: time, updated: time)
    policy.updated = time
    policy.deleted = nil
    add(Version(number: 0, data: data, metadata: metadata), to: &policy)
    policies[id] = policy
  }

  /// Adds a version under the next number and keeps the last ten.
  private func add(_ version: Version, to policy: inout Policy) {
    var version = version
    version.number = (policy.versions.last?.number ?? 0) + 1
    policy.versions = (policy.versions + [version]).suffix(rules.policyVersions)
  }

  /// RFC 7396, as its pseudocode has it.
  private func merged(_ target: ReferenceValue, _ patch: ReferenceValue) -> ReferenceValue {
    guard case .object(let changes) = patch else { return patch }
    var members = target.members ?? [:]
    for (name, change) in changes {
      members[name] = change == .null ? nil : merged(members[name] ?? .null, change)
    }
    return .object(members)
  }
}
