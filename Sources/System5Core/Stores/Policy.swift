/// A policy as it stands, with the last versions of it.
///
/// Its times are those of the changes in the order of the log: an event that comes late may set
/// them back.
public struct Policy: Hashable, Sendable {
  public let policy: Text
  /// Oldest first, never empty; the last one is in force.
  public internal(set) var versions: [PolicyVersion]
  /// nil while the policy is active.
  public internal(set) var deletedAt: Timestamp?
  /// Event time of the first version, whether or not it is still kept.
  public internal(set) var createdAt: Timestamp
  /// Event time of the latest new version, deletion or restoration; counts do not touch it.
  public internal(set) var updatedAt: Timestamp
  public internal(set) var usageCount: Int64 = 0
  public internal(set) var successCount: Int64 = 0
  public internal(set) var failureCount: Int64 = 0

  init(policy: Text, first: PolicyVersion) {
    self.policy = policy
    self.versions = [first]
    self.createdAt = first.createdAt
    self.updatedAt = first.createdAt
  }

  /// A policy as it was, for a checkpoint to bring back; nil if it cannot have been: no versions,
  /// versions that do not count on from one another, negative counts.
  package init?(
    policy: Text, versions: [PolicyVersion], createdAt: Timestamp, updatedAt: Timestamp,
    deletedAt: Timestamp?, counts: PolicyCounts
  ) {
    guard let first = versions.first, let last = versions.last,
      Ordinal.plausible.contains(first.version), Ordinal.plausible.contains(last.version),
      versions.indices.dropFirst().allSatisfy({
        versions[$0 - 1].version + 1 == versions[$0].version
      }),
      min(counts.usage, counts.successes, counts.failures) >= 0
    else { return nil }
    self.policy = policy
    self.versions = versions
    self.createdAt = createdAt
    self.updatedAt = updatedAt
    self.deletedAt = deletedAt
    self.usageCount = counts.usage
    self.successCount = counts.successes
    self.failureCount = counts.failures
  }

  public var current: PolicyVersion { versions[versions.endIndex - 1] }
  public var version: Int64 { current.version }
  public var isActive: Bool { deletedAt == nil }
  public var data: JSONObject { current.data }
  public var metadata: JSONObject { current.metadata }

  /// Successes / (successes + failures); 1 while there are none.
  public var effectiveness: Double {
    outcomes.trials == 0 ? 1 : Double(outcomes.successes) / Double(outcomes.trials)
  }

  /// The Wilson 95 % interval of the effectiveness; [0, 1] while there are no outcomes.
  public var effectivenessInterval: (lower: Double, upper: Double) { outcomes.wilsonInterval }

  private var outcomes: Proportion {
    let (sum, overflow) = successCount.addingReportingOverflow(failureCount)
    guard overflow else { return Proportion(successes: successCount, trials: sum) }
    // Halved, counts that are held to what fits keep their share.
    let successes = successCount / 2
    return Proportion(successes: successes, trials: successes + failureCount / 2)
  }
}

extension Policy {
  /// The version of that number; nil where it never was or is no longer kept.
  public func version(_ number: Int64) -> PolicyVersion? {
    versions.first { $0.version == number }
  }

  /// Puts the next version in force, which makes the policy active, and forgets the oldest ones.
  ///
  /// - Parameter limit: how many versions to keep; at least the new one is.
  mutating func append(
    data: JSONObject, metadata: JSONObject, at time: Timestamp, keeping limit: Int
  ) {
    let next = PolicyVersion(
      version: version + 1, data: data, metadata: metadata, createdAt: time)
    versions.append(next)
    versions.removeFirst(max(0, versions.count - max(1, limit)))
    deletedAt = nil
    updatedAt = time
  }

  mutating func delete(at time: Timestamp) {
    deletedAt = time
    updatedAt = time
  }

  mutating func restore(at time: Timestamp) {
    deletedAt = nil
    updatedAt = time
  }

  /// Adds counts, each held to what fits.
  mutating func add(_ counts: PolicyCounts) {
    usageCount = usageCount.clampedSum(counts.usage)
    successCount = successCount.clampedSum(counts.successes)
    failureCount = failureCount.clampedSum(counts.failures)
  }
}

/// How often a policy was used since it was last told, and how that went.
public struct PolicyCounts: Hashable, Sendable {
  /// Each 0 or more.
  public var usage: Int64
  public var successes: Int64
  public var failures: Int64

  public init(usage: Int64 = 0, successes: Int64 = 0, failures: Int64 = 0) {
    self.usage = usage
    self.successes = successes
    self.failures = failures
  }
}

extension Int64 {
  fileprivate func clampedSum(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }
}

/// One version of a policy. Versions count 1, 2, 3 … per policy.
public struct PolicyVersion: Hashable, Sendable {
  public let version: Int64
  public let data: JSONObject
  public let metadata: JSONObject
  /// Event time of the change that made it.
  public let createdAt: Timestamp
  /// nil for the first.
  public var previousVersion: Int64? { version > 1 ? version - 1 : nil }

  package init(version: Int64, data: JSONObject, metadata: JSONObject, createdAt: Timestamp) {
    self.version = version
    self.data = data
    self.metadata = metadata
    self.createdAt = createdAt
  }
}
