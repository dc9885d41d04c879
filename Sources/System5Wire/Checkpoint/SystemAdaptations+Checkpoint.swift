import System5Core

/// Published patterns come first: they say which groups are published, and adaptations then join
/// their groups as they did. Groups follow from both and are not written.
extension SystemAdaptations: CheckpointedSystem {
  func sections(named name: Text) -> [CheckpointSection] {
    [
      one { [streamTime, overallSuccessRate] in
        $0.frame(.system) {
          $0.text(name)
          $0.optional(streamTime)
          $0.number(overallSuccessRate)
        }
      },
      each(published.inOrder) { _, pattern, writer in
        writer.record(.derivedPattern) { $0.derived(pattern) }
      },
      each(adaptations.inOrder) { _, adaptation, writer in
        writer.record(.adaptation) { $0.adaptation(adaptation) }
      },
      each(learned.inOrder) { _, pattern, writer in
        writer.record(.learnedPattern) { $0.learned(pattern) }
      },
      each(transferred.inOrder) { _, pattern, writer in
        writer.record(.transferredPattern) { $0.transferred(pattern) }
      },
    ]
  }

  struct Reader: SystemReader {
    private var restoration: Restoration
    private var descriptions = RecentDescriptions()
    private let rules: Rules
    private(set) var records: Int64 = 0

    init(rules: Rules) {
      self.rules = rules
      self.restoration = Restoration(rules: rules)
    }

    mutating func begin(_ header: inout FrameCursor) throws(CheckpointError) {
      restoration = Restoration(rules: rules)
      restoration.system.streamTime = try header.optionalTime()
      restoration.system.overallSuccessRate = try header.number()
    }

    mutating func take(
      _ kind: FrameKind, _ frame: inout FrameCursor, order: inout FrameOrder
    ) throws(CheckpointError) {
      try order.check(kind, try restore(kind, from: &frame), before: frame)
      records += 1
    }

    /// Returns the key of what has been restored.
    private mutating func restore(
      _ kind: FrameKind, from frame: inout FrameCursor
    ) throws(CheckpointError) -> Text {
      switch kind {
      case .derivedPattern:
        let pattern = try frame.derived()
        guard restoration.restore(pattern) else {
          throw frame.malformed("a pattern of another id")
        }
        return pattern.pattern
      case .adaptation:
        return try restoreAdaptation(from: &frame)
      case .learnedPattern:
        let pattern = try frame.learned()
        restoration.system.learned.restore(pattern, as: pattern.pattern)
        return pattern.pattern
      case .transferredPattern:
        let pattern = try frame.transferred()
        restoration.system.transferred.restore(pattern, as: pattern.pattern)
        return pattern.pattern
      default: throw frame.misplaced(kind)
      }
    }

    private mutating func restoreAdaptation(
      from frame: inout FrameCursor
    ) throws(CheckpointError) -> Text {
      let id = try frame.text()
      let place = try descriptions.read(from: &frame)
      let group = try frame.key()
      let outcome = try frame.optionalOutcome()
      let adaptation = Adaptation(
        adaptation: id, description: descriptions[place].description, group: group,
        outcome: outcome, successProbability: try frame.number(),
        appliedCount: try frame.tally(), createdAt: try frame.time(), updatedAt: try frame.time())
      restoration.restore(adaptation, descriptions[place].cells)
      return id
    }

    mutating func finish(
      before frame: FrameCursor
    ) throws(CheckpointError) -> SystemAdaptations { restoration.finish() }
  }
}

extension CheckpointWriter {
  /// A frame that counts as one.
  mutating func record(_ kind: FrameKind, _ body: (inout CheckpointWriter) -> Void) {
    frame(kind, body)
    count(records: 1)
  }

  fileprivate mutating func adaptation(_ adaptation: Adaptation) {
    text(adaptation.adaptation)
    text(adaptation.domain)
    object(adaptation.context)
    list(adaptation.policyChanges) { $1.text($0) }
    key(adaptation.group)
    optional(adaptation.outcome) { outcome, writer in
      writer.bool(outcome.success)
      writer.number(outcome.performanceImpact)
      writer.number(outcome.stabilityImpact)
    }
    number(adaptation.successProbability)
    integer(adaptation.appliedCount)
    time(adaptation.createdAt)
    time(adaptation.updatedAt)
  }
}

extension FrameCursor {
  fileprivate mutating func optionalOutcome() throws(CheckpointError) -> Outcome? {
    try optional { (cursor) throws(CheckpointError) in
      Outcome(
        success: try cursor.bool(), performanceImpact: try cursor.number(),
        stabilityImpact: try cursor.number())
    }
  }
}
