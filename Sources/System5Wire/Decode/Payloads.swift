import System5Core

/// What an input topic's events ask for, as it is decoded.
public protocol WirePayload: Sendable {
  static var input: InputTopic { get }

  /// - Parameter type: a CloudEvents type of this topic.
  init(type: EventType, data: EventData) throws(Rejection)
}

private func unsupported(_ type: EventType) -> Rejection {
  Rejection(.unsupportedType, "The type `\(type.name)` is not one of this topic's.")
}

extension PolicyEvent: WirePayload {
  public static var input: InputTopic { .policy }

  public init(type: EventType, data: EventData) throws(Rejection) {
    let policy = try data.id(.policy)
    switch type {
    case .policyStored:
      self = .stored(
        policy: policy, data: try data.freeForm(.data),
        metadata: try data.optionalFreeForm(.metadata))
    case .policyUpdated:
      self = .updated(
        policy: policy, data: try data.freeForm(.data),
        metadata: try data.optionalFreeForm(.metadata),
        expectedVersion: try data.expectedVersion())
    case .policyRolledBack:
      self = .rolledBack(
        policy: policy, toVersion: try data.integer(.toVersion, from: 1),
        expectedVersion: try data.expectedVersion())
    case .policyDeleted:
      self = .deleted(policy: policy, expectedVersion: try data.expectedVersion())
    case .policyRestored: self = .restored(policy: policy)
    case .effectivenessRecorded:
      self = .effectivenessRecorded(
        policy: policy, usage: try data.optionalInteger(.usageCount, from: 0) ?? 0,
        successes: try data.optionalInteger(.successCount, from: 0) ?? 0,
        failures: try data.optionalInteger(.failureCount, from: 0) ?? 0)
    default: throw unsupported(type)
    }
  }
}

extension EventData {
  fileprivate func expectedVersion() throws(Rejection) -> Int64? {
    try optionalInteger(.expectedVersion, from: 1)
  }
}

extension AdaptationEvent: WirePayload {
  public static var input: InputTopic { .adaptation }

  public init(type: EventType, data: EventData) throws(Rejection) {
    switch type {
    case .adaptationStored:
      self = .stored(
        adaptation: try data.id(.adaptation), description: try data.adaptation(),
        outcome: try data.nestedOutcome())
    case .outcomeRecorded:
      self = .outcomeRecorded(
        adaptation: try data.id(.adaptation), outcome: try data.outcome(),
        description: try data.optionalAdaptation())
    case .patternLearned: self = .patternLearned(try data.learnedPattern())
    case .extractionRequested:
      self = .extractionRequested(
        minOccurrences: try data.optionalInteger(.minOccurrences, from: 1))
    case .transferRequested: self = try data.transfer()
    default: throw unsupported(type)
    }
  }
}

extension EventData {
  fileprivate func adaptation() throws(Rejection) -> AdaptationDescription {
    AdaptationDescription(
      context: try freeForm(.anomalyContext), policyChanges: try strings(.policyChanges),
      domain: try optionalID(.domain) ?? "general")
  }

  /// What is there must be well-formed; it takes both to describe an adaptation.
  fileprivate func optionalAdaptation() throws(Rejection) -> AdaptationDescription? {
    if has(.anomalyContext) && has(.policyChanges) { return try adaptation() }
    _ = try optionalFreeForm(.anomalyContext)
    if has(.policyChanges) { _ = try strings(.policyChanges) }
    _ = try optionalID(.domain)
    return nil
  }

  fileprivate func outcome() throws(Rejection) -> Outcome {
    Outcome(
      success: try flag(.success),
      performanceImpact: try optionalNumber(.performanceImpact, .any) ?? 0,
      stabilityImpact: try optionalNumber(.stabilityImpact, .any) ?? 0)
  }

  /// `outcome` of an adaptation: an object of the same members as a recorded outcome.
  fileprivate func nestedOutcome() throws(Rejection) -> Outcome? {
    guard let node = optional(.outcome) else { return nil }
    guard node.kind == .object else { throw wrong(.outcome, "an object") }
    do throws(Rejection) {
      return try EventData(object: node, rules: rules, interner: interner).outcome()
    } catch {
      throw Rejection(error.code, error.message.replacingPrefix("`data.", "`data.outcome."))
    }
  }

  fileprivate func learnedPattern() throws(Rejection) -> LearnedPattern {
    LearnedPattern(
      pattern: try id(.pattern), triggerConditions: try freeForm(.triggerConditions),
      recommendedActions: try strings(.recommendedActions),
      confidence: try number(.confidence, .share),
      domain: try optionalID(.domain) ?? "general")
  }

  fileprivate func transfer() throws(Rejection) -> AdaptationEvent {
    let from = try id(.fromDomain)
    let to = try id(.toDomain)
    if from == to {
      throw wrong(.toDomain, "another domain than `data.from_domain`")
    }
    return .transferRequested(fromDomain: from, toDomain: to)
  }
}

extension String {
  fileprivate func replacingPrefix(_ prefix: String, _ replacement: String) -> String {
    hasPrefix(prefix) ? replacement + dropFirst(prefix.count) : self
  }
}

extension VarietyEvent: WirePayload {
  public static var input: InputTopic { .variety }

  public init(type: EventType, data: EventData) throws(Rejection) {
    switch type {
    case .varietyMeasured:
      self = .measured(
        source: try data.id(.source), variety: try data.number(.variety, .notNegative),
        capacity: try data.optionalNumber(.capacity, .notNegative),
        role: try data.optionalChoice(.role, Role.self),
        metadata: try data.optionalFreeForm(.metadata))
    case .varietyAmplified:
      let (input, output) = try data.conversion()
      self = .amplified(amplifier: try data.id(.amplifier), input: input, output: output)
    case .varietyAttenuated:
      let (input, output) = try data.conversion()
      self = .attenuated(attenuator: try data.id(.attenuator), input: input, output: output)
    case .thresholdSet:
      self = .thresholdSet(source: try data.id(.source), try data.threshold())
    case .thresholdCleared:
      self = .thresholdCleared(
        source: try data.id(.source),
        direction: try data.optionalChoice(.direction, Direction.self))
    default: throw unsupported(type)
    }
  }
}

extension EventData {
  fileprivate func conversion() throws(Rejection) -> (input: Double, output: Double) {
    let input = try number(.inputVariety, .notNegative)
    let output = try number(.outputVariety, .notNegative)
    if input != 0, !(output / input).isFinite {
      throw wrong(.outputVariety, "small enough for a finite factor output / input")
    }
    return (input, output)
  }

  fileprivate func threshold() throws(Rejection) -> Threshold {
    let threshold = Threshold(
      threshold: try number(.threshold, .any),
      direction: try optionalChoice(.direction, Direction.self) ?? .above,
      recovery: try optionalNumber(.recoveryThreshold, .any),
      forSeconds: try optionalNumber(.forSeconds, .notNegative) ?? 0)
    guard let recovery = threshold.recovery else { return threshold }
    switch threshold.direction {
    case .above where recovery > threshold.threshold:
      throw wrong(.recoveryThreshold, "at or below `data.threshold`")
    case .below where recovery < threshold.threshold:
      throw wrong(.recoveryThreshold, "at or above `data.threshold`")
    default: return threshold
    }
  }
}
