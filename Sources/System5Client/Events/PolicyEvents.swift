internal import System5Wire

/// A new policy, or the next version of an existing one with its data and metadata replaced.
public struct PolicyStored: System5Event, Hashable {
  /// 1 to 256 bytes without control characters, as every id.
  public var policy: String
  /// At most 64 KiB of JSON, unless the worker is set to another limit; so is ``metadata``.
  public var data: [String: JSON]
  public var metadata: [String: JSON]

  public init(_ policy: String, data: [String: JSON], metadata: [String: JSON] = [:]) {
    self.policy = policy
    self.data = data
    self.metadata = metadata
  }

  public var content: EventContent {
    get throws(InvalidEvent) {
      EventContent(
        .policyStored,
        [
          .string("policy", policy), try .object("data", data),
          try .optional("metadata", metadata),
        ])
    }
  }
}

/// The next version of a policy, whose data is changed by a JSON Merge Patch (RFC 7396).
public struct PolicyUpdated: System5Event, Hashable {
  public var policy: String
  /// The patch: members that are null are taken away.
  public var data: [String: JSON]
  /// Merged key by key.
  public var metadata: [String: JSON]
  /// Refused if the policy is at another version; 1 or more.
  public var expectedVersion: Int?

  public init(
    _ policy: String, data: [String: JSON], metadata: [String: JSON] = [:],
    expectedVersion: Int? = nil
  ) {
    self.policy = policy
    self.data = data
    self.metadata = metadata
    self.expectedVersion = expectedVersion
  }

  public var content: EventContent {
    get throws(InvalidEvent) {
      EventContent(
        .policyUpdated,
        [
          .string("policy", policy), try .object("data", data),
          try .optional("metadata", metadata), .integer("expected_version", expectedVersion),
        ])
    }
  }
}

/// The next version of a policy, with the data and metadata of an earlier one.
public struct PolicyRolledBack: System5Event, Hashable {
  public var policy: String
  /// 1 or more; the worker keeps the last 10 unless it is set to another number.
  public var toVersion: Int
  public var expectedVersion: Int?

  public init(_ policy: String, toVersion: Int, expectedVersion: Int? = nil) {
    self.policy = policy
    self.toVersion = toVersion
    self.expectedVersion = expectedVersion
  }

  public var content: EventContent {
    EventContent(
      .policyRolledBack,
      [
        .string("policy", policy), .integer("to_version", toVersion),
        .integer("expected_version", expectedVersion),
      ])
  }
}

/// A policy that no longer holds; its history stays.
public struct PolicyDeleted: System5Event, Hashable {
  public var policy: String
  public var expectedVersion: Int?

  public init(_ policy: String, expectedVersion: Int? = nil) {
    self.policy = policy
    self.expectedVersion = expectedVersion
  }

  public var content: EventContent {
    EventContent(
      .policyDeleted,
      [.string("policy", policy), .integer("expected_version", expectedVersion)])
  }
}

/// A deleted policy that holds again.
public struct PolicyRestored: System5Event, Hashable {
  public var policy: String

  public init(_ policy: String) { self.policy = policy }

  public var content: EventContent { EventContent(.policyRestored, [.string("policy", policy)]) }
}

/// How often a policy was used and how that went, since this was last told. Counts are 0 or more.
public struct PolicyEffectivenessRecorded: System5Event, Hashable {
  public var policy: String
  public var usageCount: Int
  public var successCount: Int
  public var failureCount: Int

  public init(_ policy: String, usageCount: Int = 0, successCount: Int = 0, failureCount: Int = 0) {
    self.policy = policy
    self.usageCount = usageCount
    self.successCount = successCount
    self.failureCount = failureCount
  }

  public var content: EventContent {
    EventContent(
      .effectivenessRecorded,
      [
        .string("policy", policy), .integer("usage_count", usageCount),
        .integer("success_count", successCount), .integer("failure_count", failureCount),
      ])
  }
}
