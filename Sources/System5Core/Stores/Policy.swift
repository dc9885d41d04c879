/// A policy as it stands, with the last versions of it.
public struct Policy: Hashable, Sendable {
  public let policy: Text
  /// Oldest first, never empty; the last one is in force.
  public internal(set) var versions: [PolicyVersion]
  /// nil while the policy is active.
  public internal(set) var deletedAt: Timestamp?
  public internal(set) var createdAt: Timestamp
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
    return Proportion(successes: successCount, trials: overflow ? .max : sum)
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
}
