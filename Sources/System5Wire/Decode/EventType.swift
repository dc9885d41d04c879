import System5Core

/// The CloudEvents types of input events.
public enum EventType: Sendable, CaseIterable {
  case policyStored, policyUpdated, policyRolledBack, policyDeleted, policyRestored
  case effectivenessRecorded
  case adaptationStored, outcomeRecorded, patternLearned, extractionRequested, transferRequested
  case varietyMeasured, varietyAmplified, varietyAttenuated, thresholdSet, thresholdCleared

  /// The `type` of such an event.
  package var name: StaticString {
    switch self {
    case .policyStored: "system5.policy.stored"
    case .policyUpdated: "system5.policy.updated"
    case .policyRolledBack: "system5.policy.rolled-back"
    case .policyDeleted: "system5.policy.deleted"
    case .policyRestored: "system5.policy.restored"
    case .effectivenessRecorded: "system5.policy.effectiveness-recorded"
    case .adaptationStored: "system5.adaptation.stored"
    case .outcomeRecorded: "system5.adaptation.outcome-recorded"
    case .patternLearned: "system5.pattern.learned"
    case .extractionRequested: "system5.patterns.extraction-requested"
    case .transferRequested: "system5.knowledge.transfer-requested"
    case .varietyMeasured: "system5.variety.measured"
    case .varietyAmplified: "system5.variety.amplified"
    case .varietyAttenuated: "system5.variety.attenuated"
    case .thresholdSet: "system5.variety.threshold-set"
    case .thresholdCleared: "system5.variety.threshold-cleared"
    }
  }

  package var input: InputTopic {
    switch self {
    case .policyStored, .policyUpdated, .policyRolledBack, .policyDeleted, .policyRestored,
      .effectivenessRecorded:
      .policy
    case .adaptationStored, .outcomeRecorded, .patternLearned, .extractionRequested,
      .transferRequested:
      .adaptation
    case .varietyMeasured, .varietyAmplified, .varietyAttenuated, .thresholdSet,
      .thresholdCleared:
      .variety
    }
  }

  /// nil for a name that is none of ours.
  init?(_ name: some Collection<UInt8>) {
    guard let type = EventType.allCases.first(where: { name.isEqual(to: $0.name) })
    else { return nil }
    self = type
  }
}
