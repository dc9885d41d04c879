import HashTreeCollections

/// Changing policies.
extension PolicyStore {
  /// Stores a new policy at version 1, or the next version of an existing one with its data and
  /// metadata replaced. A deleted policy becomes active again.
  ///
  /// - Returns: the policy as it then stands, as all calls that change one do.
  /// - Throws: `limit-exceeded` where the system has no room for another policy.
  @discardableResult
  public mutating func storePolicy(
    _ policy: Text, data: JSONObject, metadata: JSONObject = [:], system: Text, at time: Timestamp
  ) throws(Refusal) -> Policy {
    try change(system, at: time) { (state, rules) throws(Refusal) in
      try state.store(policy, data: data, metadata: metadata, at: time, rules)
    }
  }

  /// Makes the next version: `data` is applied as a JSON Merge Patch (RFC 7396), and `metadata`
  /// replaces the values of its own keys.
  ///
  /// - Parameter expectedVersion: the version that must be in force; nil: any.
  /// - Throws: `unknown-policy`, `policy-deleted` or `version-conflict`.
  @discardableResult
  public mutating func updatePolicy(
    _ policy: Text, data: JSONObject, metadata: JSONObject = [:], expectedVersion: Int64? = nil,
    system: Text, at time: Timestamp
  ) throws(Refusal) -> Policy {
    try change(system, at: time) { (state, rules) throws(Refusal) in
      try state.update(policy, data, metadata, expecting: expectedVersion, at: time, rules)
    }
  }

  /// Makes the next version, with the data and metadata of an earlier one that is still kept.
  ///
  /// - Parameter expectedVersion: the version that must be in force; nil: any.
  /// - Throws: `unknown-policy`, `policy-deleted`, `version-conflict` or `version-not-found`.
  @discardableResult
  public mutating func rollBackPolicy(
    _ policy: Text, toVersion: Int64, expectedVersion: Int64? = nil, system: Text,
    at time: Timestamp
  ) throws(Refusal) -> Policy {
    try change(system, at: time) { (state, rules) throws(Refusal) in
      try state.rollBack(policy, to: toVersion, expecting: expectedVersion, at: time, rules)
    }
  }

  /// Deletes a policy softly: its history stays, and it can be restored.
  ///
  /// - Parameter expectedVersion: the version that must be in force; nil: any.
  /// - Throws: `unknown-policy`, `policy-deleted` or `version-conflict`.
  @discardableResult
  public mutating func deletePolicy(
    _ policy: Text, expectedVersion: Int64? = nil, system: Text, at time: Timestamp
  ) throws(Refusal) -> Policy {
    try change(system, at: time) { (state, _) throws(Refusal) in
      try state.delete(policy, expecting: expectedVersion, at: time)
    }
  }

  /// Undoes a deletion.
  ///
  /// - Throws: `unknown-policy` or `policy-not-deleted`.
  @discardableResult
  public mutating func restorePolicy(
    _ policy: Text, system: Text, at time: Timestamp
  ) throws(Refusal) -> Policy {
    try change(system, at: time) { (state, _) throws(Refusal) in
      try state.restore(policy, at: time)
    }
  }

  /// Adds to a policy's counts. They make no new version and do not touch `updatedAt`.
  ///
  /// - Throws: `unknown-policy`, `policy-deleted`, or `invalid-data` for a negative count.
  @discardableResult
  public mutating func recordPolicyEffectiveness(
    _ policy: Text, _ counts: PolicyCounts, system: Text, at time: Timestamp
  ) throws(Refusal) -> Policy {
    try change(system, at: time) { (state, _) throws(Refusal) in
      try state.record(counts, of: policy)
    }
  }

  /// Works on a copy, which shares its structure, so that a refusal leaves nothing behind.
  private mutating func change(
    _ system: Text, at time: Timestamp,
    _ body: (inout SystemPolicies, Rules) throws(Refusal) -> Policy
  ) throws(Refusal) -> Policy {
    var state = systems[system] ?? SystemPolicies()
    let policy = try body(&state, rules)
    state.streamTime = max(state.streamTime ?? time, time)
    systems[system] = state
    return policy
  }
}

/// Asking for one policy.
extension PolicyStore {
  /// The policy as it stands.
  ///
  /// - Throws: `unknown-policy` or `policy-deleted`.
  public func getPolicy(_ policy: Text, system: Text) throws(Refusal) -> Policy {
    try state(of: system).active(policy)
  }

  /// All versions that are kept, the oldest first; of deleted policies too.
  ///
  /// - Throws: `unknown-policy`.
  public func getPolicyHistory(_ policy: Text, system: Text) throws(Refusal) -> [PolicyVersion] {
    try state(of: system).known(policy).versions
  }

  /// One version; of deleted policies too.
  ///
  /// - Throws: `unknown-policy` or `version-not-found`.
  public func getPolicyVersion(
    _ policy: Text, version: Int64, system: Text
  ) throws(Refusal) -> PolicyVersion {
    try state(of: system).known(policy).kept(version)
  }

  func state(of system: Text) -> SystemPolicies { systems[system] ?? SystemPolicies() }
}
