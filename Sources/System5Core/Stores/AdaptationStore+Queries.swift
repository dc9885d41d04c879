import HashTreeCollections

extension AdaptationStore {
  /// The adaptation with an id.
  public func getAdaptation(_ adaptation: Text, system: Text) -> Adaptation? {
    systems[system]?.adaptations[adaptation]
  }

  /// The adaptations whose contexts are most like one, the most similar first, of equally similar
  /// ones the newer first.
  public func findSimilarAdaptations(
    _ context: JSONObject, limit: Int, system: Text
  ) -> [(adaptation: Adaptation, similarity: Double)] {
    systems[system]?.similar(to: context, limit: limit) ?? []
  }

  /// The adaptations of at least a certain effectiveness, the most effective first, equally
  /// effective ones in order of id.
  ///
  /// - Parameter threshold: nil: as the rules say.
  public func getSuccessfulAdaptations(threshold: Double? = nil, system: Text) -> [Adaptation] {
    systems[system]?.successful(threshold: threshold ?? rules.successfulEffectiveness) ?? []
  }

  /// The patterns of every origin, in order of id.
  public func patterns(system: Text) -> [KnownPattern] { systems[system]?.patterns ?? [] }

  /// What a system has learnt so far, in numbers; for an unknown system those of one that has not
  /// learnt anything.
  public func metrics(system: Text) -> AdaptationMetrics {
    (systems[system] ?? SystemAdaptations()).metrics
  }
}

extension SystemAdaptations {
  /// The patterns of every origin, in order of id; those that share one: derived, transferred,
  /// learned.
  public var patterns: [KnownPattern] {
    let known =
      published.values.map(KnownPattern.derived)
      + transferred.values.map(KnownPattern.transferred)
      + learned.values.map(KnownPattern.learned)
    return known.sorted { ($0.pattern, $0.rank) < ($1.pattern, $1.rank) }
  }

  /// What the system has learnt so far, in numbers.
  public var metrics: AdaptationMetrics {
    AdaptationMetrics(
      totalAdaptations: adaptations.count,
      totalPatterns: published.count + learned.count + transferred.count,
      overallSuccessRate: overallSuccessRate,
      domains: domains.map { (domain: $0.key, adaptations: $0.value) }
        .sorted { $0.domain < $1.domain })
  }

  func similar(
    to context: JSONObject, limit: Int
  ) -> [(adaptation: Adaptation, similarity: Double)] {
    guard limit > 0 else { return [] }
    return SimilarRows(to: context, in: self).best(limit)
      ?? Similarity(to: context, in: adaptations).best(limit, of: adaptations)
  }

  func successful(threshold: Double) -> [Adaptation] {
    rows.rows(effectiveFrom: threshold)
      .map { (effectiveness: $0.effectiveness, adaptation: rows.adaptation($0.row)) }
      .sorted { ($1.effectiveness, $0.adaptation) < ($0.effectiveness, $1.adaptation) }
      .compactMap { adaptations[$0.adaptation] }
  }
}

extension KnownPattern {
  fileprivate var rank: Int {
    switch self {
    case .derived: 0
    case .transferred: 1
    case .learned: 2
    }
  }
}
