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
    let similarity = Similarity(to: context, in: adaptations)
    var best = PatternSelection<(adaptation: Adaptation, similarity: Double)>(limit) {
      ($0.similarity, $0.adaptation.createdAt, $0.adaptation.adaptation)
        > ($1.similarity, $1.adaptation.createdAt, $1.adaptation.adaptation)
    }
    for (_, adaptation) in adaptations {
      best.add((adaptation, similarity.similarity(of: adaptation.context)))
    }
    return best.sorted()
  }

  func successful(threshold: Double) -> [Adaptation] {
    adaptations.values
      .compactMap { adaptation in adaptation.effectiveness.map { ($0, adaptation) } }
      .filter { $0.0 >= threshold }
      .sorted { ($1.0, $0.1.adaptation) < ($0.0, $1.1.adaptation) }
      .map(\.1)
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
