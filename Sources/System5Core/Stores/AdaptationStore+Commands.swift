/// What can be told to the store without Kafka.
///
/// Each call is one event, applied as a shard applies it: it moves the system's stream time, runs
/// the periodic extraction if that crosses a boundary, and returns everything that was published.
/// A refused call leaves adaptations and patterns as they are, but for the stream time and what is
/// periodic.
extension AdaptationStore {
  /// Stores an adaptation, in the place of one with the same id.
  ///
  /// - Parameter outcome: how it turned out, where that is known already.
  /// - Throws: `limit-exceeded`.
  @discardableResult
  public mutating func storeAdaptation(
    _ adaptation: Text, _ description: AdaptationDescription, outcome: Outcome? = nil,
    system: Text, at time: Timestamp
  ) throws(Refusal) -> [OutputEvent] {
    try apply(
      .stored(adaptation: adaptation, description: description, outcome: outcome),
      to: system, at: time)
  }

  /// Records how an adaptation turned out.
  ///
  /// - Parameter description: stores the adaptation first if it is unknown; otherwise ignored.
  /// - Throws: `unknown-adaptation`, `limit-exceeded`.
  @discardableResult
  public mutating func recordOutcome(
    _ adaptation: Text, _ outcome: Outcome, description: AdaptationDescription? = nil,
    system: Text, at time: Timestamp
  ) throws(Refusal) -> [OutputEvent] {
    try apply(
      .outcomeRecorded(adaptation: adaptation, outcome: outcome, description: description),
      to: system, at: time)
  }

  /// Stores a pattern that was learnt elsewhere, in the place of one with the same id.
  ///
  /// - Throws: `limit-exceeded`.
  @discardableResult
  public mutating func learnPattern(
    _ pattern: LearnedPattern, system: Text, at time: Timestamp
  ) throws(Refusal) -> [OutputEvent] {
    try apply(.patternLearned(pattern), to: system, at: time)
  }

  /// Extracts patterns now: publishes the new and the changed ones, in order of domain, then id.
  ///
  /// - Parameter minOccurrences: how many adaptations make a pattern; nil: as the rules say. Less
  ///   than 1 counts as 1.
  @discardableResult
  public mutating func extractPatterns(
    minOccurrences: Int64? = nil, system: Text, at time: Timestamp
  ) throws(Refusal) -> [OutputEvent] {
    try apply(.extractionRequested(minOccurrences: minOccurrences), to: system, at: time)
  }

  /// Transfers each published pattern of one domain to another, in order of id.
  @discardableResult
  public mutating func transferKnowledge(
    from source: Text, to target: Text, system: Text, at time: Timestamp
  ) throws(Refusal) -> [OutputEvent] {
    try apply(.transferRequested(fromDomain: source, toDomain: target), to: system, at: time)
  }
}
