import HashTreeCollections

extension SystemAdaptations {
  public mutating func apply(
    _ payload: AdaptationEvent, at time: Timestamp, in context: Context,
    deriving outputs: inout [OutputEvent]
  ) throws(Refusal) {
    switch payload {
    case .stored(let id, let description, let outcome):
      let adaptation = try fresh(id, description, at: time, rules: context.rules)
      record(outcome, of: adaptation, at: time, in: context, deriving: &outputs)
    case .outcomeRecorded(let id, let outcome, let description):
      let adaptation = try known(id, or: description, at: time, rules: context.rules)
      record(outcome, of: adaptation, at: time, in: context, deriving: &outputs)
    case .patternLearned(let pattern):
      try learn(pattern, rules: context.rules)
    case .extractionRequested(let minOccurrences):
      extract(
        minOccurrences: minOccurrences.map(Int.init(clamping:)) ?? context.rules.minOccurrences,
        retires: false, at: time, in: context, deriving: &outputs)
    case .transferRequested(let source, let target):
      transfer(from: source, to: target, at: time, in: context, deriving: &outputs)
    }
  }

  /// A new adaptation, whether or not one with its id is there; nothing is changed yet.
  private func fresh(
    _ id: Text, _ description: AdaptationDescription, at time: Timestamp, rules: Rules
  ) throws(Refusal) -> Adaptation {
    if !adaptations.contains(id) {
      try allow(adaptations.count, of: "adaptations", limit: rules.limits.adaptations)
    }
    return Adaptation(adaptation: id, description: description, at: time)
  }

  /// The adaptation with an id, or a new one where there is none and a description of it.
  private func known(
    _ id: Text, or description: AdaptationDescription?, at time: Timestamp, rules: Rules
  ) throws(Refusal) -> Adaptation {
    if let adaptation = adaptations[id] { return adaptation }
    if let description { return try fresh(id, description, at: time, rules: rules) }
    throw Refusal(
      .unknownAdaptation,
      "The adaptation \"\(id)\" is unknown; its first outcome must come with anomaly_context and "
        + "policy_changes.")
  }

  private mutating func record(
    _ outcome: Outcome?, of adaptation: Adaptation, at time: Timestamp, in context: Context,
    deriving outputs: inout [OutputEvent]
  ) {
    var adaptation = adaptation
    if let outcome {
      adaptation.record(outcome, at: time)
      overallSuccessRate += 0.1 * ((outcome.success ? 1 : 0) - overallSuccessRate)
    }
    if adaptation.row.number == nil {
      put(adaptation, rules: context.rules)
    } else {
      putJudged(adaptation, rules: context.rules)
    }
    publishAtOnce(adaptation.group, at: time, in: context, deriving: &outputs)
  }

  private mutating func learn(_ pattern: LearnedPattern, rules: Rules) throws(Refusal) {
    if !learned.keys.contains(pattern.pattern) {
      try allow(learned.count, of: "learned patterns", limit: rules.limits.adaptations)
    }
    learned[pattern.pattern] = pattern
  }

  private func allow(_ count: Int, of what: String, limit: Int) throws(Refusal) {
    guard count >= limit else { return }
    throw Refusal(
      .limitExceeded, "The system has \(count) \(what); at most \(limit) are allowed.")
  }
}
