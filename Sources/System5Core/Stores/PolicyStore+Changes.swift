import HashTreeCollections

/// The changes, the same for events and for calls. Each returns the policy as it then stands.
extension SystemPolicies {
  @discardableResult
  mutating func store(
    _ id: Text, data: JSONObject, metadata: JSONObject, at time: Timestamp, _ rules: Rules
  ) throws(Refusal) -> Policy {
    if var policy = policies[id] {
      policy.append(data: data, metadata: metadata, at: time, keeping: rules.policyVersions)
      return put(policy)
    }
    guard policies.count < rules.limits.policies else {
      throw .tooManyPolicies(id, found: policies.count, limit: rules.limits.policies)
    }
    let first = PolicyVersion(version: 1, data: data, metadata: metadata, createdAt: time)
    return put(Policy(policy: id, first: first))
  }

  @discardableResult
  mutating func update(
    _ id: Text, _ patch: JSONObject, _ metadata: JSONObject, expecting expected: Int64?,
    at time: Timestamp, _ rules: Rules
  ) throws(Refusal) -> Policy {
    var policy = try active(id, expecting: expected)
    policy.append(
      data: policy.data.merging(patch: patch), metadata: policy.metadata.replacing(with: metadata),
      at: time, keeping: rules.policyVersions)
    return put(policy)
  }

  @discardableResult
  mutating func rollBack(
    _ id: Text, to version: Int64, expecting expected: Int64?, at time: Timestamp, _ rules: Rules
  ) throws(Refusal) -> Policy {
    var policy = try active(id, expecting: expected)
    let target = try policy.kept(version)
    policy.append(
      data: target.data, metadata: target.metadata, at: time, keeping: rules.policyVersions)
    return put(policy)
  }

  @discardableResult
  mutating func delete(
    _ id: Text, expecting expected: Int64?, at time: Timestamp
  ) throws(Refusal) -> Policy {
    var policy = try active(id, expecting: expected)
    policy.delete(at: time)
    return put(policy)
  }

  @discardableResult
  mutating func restore(_ id: Text, at time: Timestamp) throws(Refusal) -> Policy {
    var policy = try known(id)
    guard !policy.isActive else { throw .policyNotDeleted(id) }
    policy.restore(at: time)
    return put(policy)
  }

  @discardableResult
  mutating func record(_ counts: PolicyCounts, of id: Text) throws(Refusal) -> Policy {
    var policy = try active(id)
    guard min(counts.usage, counts.successes, counts.failures) >= 0 else {
      throw .negativeCount(id, counts)
    }
    policy.add(counts)
    return put(policy)
  }

  private mutating func put(_ policy: Policy) -> Policy {
    policies[policy.policy] = policy
    return policy
  }
}

/// The checks, in the contract's order.
extension SystemPolicies {
  /// The policy, deleted or not.
  func known(_ id: Text) throws(Refusal) -> Policy {
    guard let policy = policies[id] else { throw .unknownPolicy(id) }
    return policy
  }

  /// The policy if it is not deleted and, where a version is expected, at that one.
  func active(_ id: Text, expecting expected: Int64? = nil) throws(Refusal) -> Policy {
    let policy = try known(id)
    guard policy.isActive else { throw .policyDeleted(id) }
    if let expected, expected != policy.version {
      throw .versionConflict(policy, expected: expected)
    }
    return policy
  }
}

extension Policy {
  func kept(_ number: Int64) throws(Refusal) -> PolicyVersion {
    guard let version = version(number) else { throw .versionNotFound(number, of: self) }
    return version
  }
}
