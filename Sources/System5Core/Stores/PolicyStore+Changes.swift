import HashTreeCollections

/// The changes, the same for events and for calls. Each returns the policy as it then stands.
extension SystemPolicies {
  @discardableResult
  mutating func store(
    _ id: Text, data: JSONObject, metadata: JSONObject, at time: Timestamp, _ rules: Rules
  ) throws(Refusal) -> Policy {
    let changed = policies.modify(id) { policy in
      policy.append(data: data, metadata: metadata, at: time, keeping: rules.policyVersions)
      return policy
    }
    if let changed { return changed }
    guard policies.count < rules.limits.policies else {
      throw .tooManyPolicies(id, found: policies.count, limit: rules.limits.policies)
    }
    let first = PolicyVersion(version: 1, data: data, metadata: metadata, createdAt: time)
    let policy = Policy(policy: id, first: first)
    policies[id] = policy
    return policy
  }

  @discardableResult
  mutating func update(
    _ id: Text, _ patch: JSONObject, _ metadata: JSONObject, expecting expected: Int64?,
    at time: Timestamp, _ rules: Rules
  ) throws(Refusal) -> Policy {
    try change(id, expecting: expected) { policy in
      policy.append(
        data: policy.data.merging(patch: patch),
        metadata: policy.metadata.replacing(with: metadata), at: time,
        keeping: rules.policyVersions)
    }
  }

  @discardableResult
  mutating func rollBack(
    _ id: Text, to version: Int64, expecting expected: Int64?, at time: Timestamp, _ rules: Rules
  ) throws(Refusal) -> Policy {
    try change(id, expecting: expected) { (policy) throws(Refusal) in
      let target = try policy.kept(version)
      policy.append(
        data: target.data, metadata: target.metadata, at: time, keeping: rules.policyVersions)
    }
  }

  @discardableResult
  mutating func delete(
    _ id: Text, expecting expected: Int64?, at time: Timestamp
  ) throws(Refusal) -> Policy {
    try change(id, expecting: expected) { $0.delete(at: time) }
  }

  @discardableResult
  mutating func restore(_ id: Text, at time: Timestamp) throws(Refusal) -> Policy {
    var policy = try known(id)
    guard !policy.isActive else { throw .policyNotDeleted(id) }
    policy.restore(at: time)
    policies[id] = policy
    return policy
  }

  @discardableResult
  mutating func record(_ counts: PolicyCounts, of id: Text) throws(Refusal) -> Policy {
    try change(id) { (policy) throws(Refusal) in
      guard min(counts.usage, counts.successes, counts.failures) >= 0 else {
        throw .negativeCount(id, counts)
      }
      policy.add(counts)
    }
  }

  /// Changes an active policy where it lies: with a copy at hand its versions would be copied too.
  private mutating func change(
    _ id: Text, expecting expected: Int64? = nil,
    _ body: (inout Policy) throws(Refusal) -> Void
  ) throws(Refusal) -> Policy {
    let changed = try policies.modify(id) { (policy) throws(Refusal) in
      try policy.check(expecting: expected)
      try body(&policy)
      return policy
    }
    guard let changed else { throw .unknownPolicy(id) }
    return changed
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
    try policy.check(expecting: expected)
    return policy
  }
}

extension Policy {
  func check(expecting expected: Int64?) throws(Refusal) {
    guard isActive else { throw .policyDeleted(policy) }
    if let expected, expected != version {
      throw .versionConflict(self, expected: expected)
    }
  }

  func kept(_ number: Int64) throws(Refusal) -> PolicyVersion {
    guard let version = version(number) else { throw .versionNotFound(number, of: self) }
    return version
  }
}
