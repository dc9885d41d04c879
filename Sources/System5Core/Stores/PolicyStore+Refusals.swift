/// Why a policy's event or call was refused: one sentence that names the policy, what was found
/// and what was expected.
extension Refusal {
  static func unknownPolicy(_ id: Text) -> Refusal {
    Refusal(
      .unknownPolicy,
      "Policy \"\(id)\" does not exist in this system; a policy that was stored was expected.")
  }

  static func policyDeleted(_ id: Text) -> Refusal {
    Refusal(
      .policyDeleted,
      "Policy \"\(id)\" is deleted; an active policy was expected.")
  }

  static func policyNotDeleted(_ id: Text) -> Refusal {
    Refusal(
      .policyNotDeleted,
      "Policy \"\(id)\" is active; a deleted policy was expected.")
  }

  static func versionConflict(_ policy: Policy, expected: Int64) -> Refusal {
    Refusal(
      .versionConflict,
      "Policy \"\(policy.policy)\" is at version \(policy.version); version \(expected) was "
        + "expected.")
  }

  static func versionNotFound(_ version: Int64, of policy: Policy) -> Refusal {
    let oldest = policy.versions.first?.version ?? policy.version
    return Refusal(
      .versionNotFound,
      "Policy \"\(policy.policy)\" keeps no version \(version); one of \(oldest) to "
        + "\(policy.version) was expected.")
  }

  static func tooManyPolicies(_ id: Text, found: Int, limit: Int) -> Refusal {
    Refusal(
      .limitExceeded,
      "Policy \"\(id)\" is new and the system has \(found) policies, deleted ones included; at "
        + "most \(limit) are allowed.")
  }

  static func negativeCount(_ id: Text, _ counts: PolicyCounts) -> Refusal {
    Refusal(
      .invalidData,
      "Policy \"\(id)\" got a usage count of \(counts.usage), a success count of "
        + "\(counts.successes) and a failure count of \(counts.failures); counts of 0 or more were "
        + "expected.")
  }
}
