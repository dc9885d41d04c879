import System5Core

/// Patterns in a checkpoint; each begins with its id.
extension CheckpointWriter {
  mutating func derived(_ pattern: DerivedPattern) {
    text(pattern.pattern)
    text(pattern.domain)
    integer(pattern.revision)
    integer(pattern.occurrences)
    number(pattern.averageEffectiveness)
    number(pattern.effectivenessLower)
    object(pattern.commonContext)
    list(pattern.contextRanges) { range, writer in
      writer.text(range.name)
      writer.number(range.min)
      writer.number(range.mean)
      writer.number(range.max)
    }
    list(pattern.recommendedActions) { action, writer in
      writer.text(action.action)
      writer.number(action.support)
      writer.number(action.averageEffectiveness)
    }
    time(pattern.firstSeen)
    time(pattern.lastSeen)
    list(pattern.evidence) { $1.text($0) }
  }

  mutating func learned(_ pattern: LearnedPattern) {
    text(pattern.pattern)
    text(pattern.domain)
    object(pattern.triggerConditions)
    list(pattern.recommendedActions) { $1.text($0) }
    number(pattern.confidence)
  }

  /// The lower half first.
  mutating func key(_ key: PatternKey) {
    word(UInt64(truncatingIfNeeded: key.bits))
    word(UInt64(truncatingIfNeeded: key.bits >> 64))
  }

  mutating func transferred(_ pattern: TransferredPattern) {
    text(pattern.pattern)
    text(pattern.sourceDomain)
    text(pattern.targetDomain)
    derived(pattern.basePattern)
    number(pattern.confidence)
  }
}

extension FrameCursor {
  mutating func derived() throws(CheckpointError) -> DerivedPattern {
    DerivedPattern(
      pattern: try text(), domain: try text(), revision: try integer(),
      occurrences: try tally(), averageEffectiveness: try number(),
      effectivenessLower: try number(), commonContext: try object(),
      contextRanges: try list { (cursor) throws(CheckpointError) in
        .init(
          name: try cursor.text(), min: try cursor.number(), mean: try cursor.number(),
          max: try cursor.number())
      },
      recommendedActions: try list { (cursor) throws(CheckpointError) in
        .init(
          action: try cursor.text(), support: try cursor.number(),
          averageEffectiveness: try cursor.number())
      },
      firstSeen: try time(), lastSeen: try time(), evidence: try texts())
  }

  mutating func learned() throws(CheckpointError) -> LearnedPattern {
    let pattern = try text()
    let domain = try text()
    return LearnedPattern(
      pattern: pattern, triggerConditions: try object(), recommendedActions: try texts(),
      confidence: try number(), domain: domain)
  }

  mutating func transferred() throws(CheckpointError) -> TransferredPattern {
    TransferredPattern(
      pattern: try text(), sourceDomain: try text(), targetDomain: try text(),
      basePattern: try derived(), confidence: try number())
  }

  mutating func key() throws(CheckpointError) -> PatternKey {
    let low = UInt128(try word())
    return PatternKey(bits: UInt128(try word()) << 64 | low)
  }

  mutating func texts() throws(CheckpointError) -> [Text] {
    try list { (cursor) throws(CheckpointError) in try cursor.text() }
  }
}
