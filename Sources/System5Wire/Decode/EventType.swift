import System5Core

/// The CloudEvents types of input events.
public enum EventType: UInt8, Sendable, CaseIterable {
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
  init?(named name: UnsafeBufferPointer<UInt8>) {
    let named = EventType.allCases.first { type in
      type.name.withUTF8Buffer { $0.elementsEqual(name) }
    }
    guard let named else { return nil }
    self = named
  }
}
