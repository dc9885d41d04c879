import HashTreeCollections

/// The policies of every viable system in one shard, with their versions.
///
/// Kafka's events arrive through ``Shard``. A program that embeds the store calls the methods here,
/// which do the same. Where a method throws, nothing has changed.
public struct PolicyStore: EventStore {
  public static let input = InputTopic.policy

  public let rules: Rules
  public var systems = PersistentTable<Text, SystemPolicies>()

  public init(rules: Rules = Rules()) { self.rules = rules }
}

/// The policies of one viable system.
public struct SystemPolicies: SystemState {
  public internal(set) var policies = PersistentTable<Text, Policy>()
  public var streamTime: Timestamp?

  public init() {}

  /// Brings back a policy of a checkpoint.
  package mutating func restore(_ policy: consuming Policy) {
    let id = policy.policy
    policies.bringBack(policy, as: id)
  }

  /// Policies are kept without end.
  public static func retention(_ rules: Rules) -> Timestamp.Span? { nil }

  /// Nothing about policies is periodic.
  public mutating func cross(
    from earlier: Timestamp, to later: Timestamp, in context: Context,
    deriving outputs: inout [OutputEvent]
  ) {}

  public mutating func apply(
    _ payload: PolicyEvent, at time: Timestamp, in context: Context,
    deriving outputs: inout [OutputEvent]
  ) throws(Refusal) {
    let rules = context.rules
    switch payload {
    case .stored(let policy, let data, let metadata):
      try store(policy, data: data, metadata: metadata, at: time, rules)
    case .updated(let policy, let data, let metadata, let expected):
      try update(policy, data, metadata, expecting: expected, at: time, rules)
    case .rolledBack(let policy, let version, let expected):
      try rollBack(policy, to: version, expecting: expected, at: time, rules)
    case .deleted(let policy, let expected):
      try delete(policy, expecting: expected, at: time)
    case .restored(let policy):
      try restore(policy, at: time)
    case .effectivenessRecorded(let policy, let usage, let successes, let failures):
      let counts = PolicyCounts(usage: usage, successes: successes, failures: failures)
      try record(counts, of: policy)
    }
  }
}
