import System5Core

extension SystemPolicies: CheckpointedSystem {
  func sections(named name: Text) -> [CheckpointSection] {
    [
      one { [streamTime] in
        $0.frame(.system) {
          $0.text(name)
          $0.optional(streamTime)
        }
      },
      each(policies.inOrder) { _, policy, writer in
        writer.frame(.policy) { $0.policy(policy) }
        writer.count(records: 1)
      },
    ]
  }

  struct Reader: SystemReader {
    private var system = SystemPolicies()
    private(set) var records: Int64 = 0

    init(rules: Rules) {}

    mutating func begin(_ header: inout FrameCursor) throws(CheckpointError) {
      system = SystemPolicies()
      system.streamTime = try header.optionalTime()
    }

    mutating func take(
      _ kind: FrameKind, _ frame: inout FrameCursor, order: inout FrameOrder
    ) throws(CheckpointError) {
      guard kind == .policy else { throw frame.misplaced(kind) }
      let policy = try frame.policy()
      try order.check(kind, policy.policy, before: frame)
      system.restore(policy)
      records += 1
    }

    mutating func finish(
      before frame: FrameCursor
    ) throws(CheckpointError) -> SystemPolicies { system }
  }
}

extension CheckpointWriter {
  /// Versions count on from the first that is kept, so only that one's number is written.
  fileprivate mutating func policy(_ policy: Policy) {
    text(policy.policy)
    time(policy.createdAt)
    time(policy.updatedAt)
    optional(policy.deletedAt)
    integer(policy.usageCount)
    integer(policy.successCount)
    integer(policy.failureCount)
    integer(policy.versions.first?.version ?? policy.version)
    list(policy.versions) { version, writer in
      writer.time(version.createdAt)
      writer.object(version.data)
      writer.object(version.metadata)
    }
  }
}

extension FrameCursor {
  fileprivate mutating func policy() throws(CheckpointError) -> Policy {
    let id = try text()
    let createdAt = try time()
    let updatedAt = try time()
    let deletedAt = try optionalTime()
    let counts = PolicyCounts(usage: try tally(), successes: try tally(), failures: try tally())
    let versions = try versions()
    guard
      let policy = Policy(
        policy: id, versions: versions, createdAt: createdAt, updatedAt: updatedAt,
        deletedAt: deletedAt, counts: counts)
    else { throw malformed("a policy without versions, or with impossible ones") }
    return policy
  }

  private mutating func versions() throws(CheckpointError) -> [PolicyVersion] {
    var number = try integer()
    guard Ordinal.plausible.contains(number) else { throw malformed("an impossible version") }
    return try list { (cursor) throws(CheckpointError) in
      defer { number += 1 }
      let createdAt = try cursor.time()
      let data = try cursor.object()
      return PolicyVersion(
        version: number, data: data, metadata: try cursor.sharedObject(), createdAt: createdAt)
    }
  }

  func misplaced(_ kind: FrameKind) -> CheckpointError {
    malformed("a frame of kind \(kind.rawValue), which does not belong here")
  }
}
