/// An adaptation and what became of it.
public struct Adaptation: Hashable, Sendable {
  public let adaptation: Text
  public let description: AdaptationDescription
  /// The latest outcome; nil before the first.
  public internal(set) var outcome: Outcome?
  /// Starts at 0.5 and moves by 0.3 of the difference to 1 or 0 at each outcome.
  public internal(set) var successProbability = 0.5
  /// How many outcomes were recorded.
  public internal(set) var appliedCount: Int64 = 0
  public internal(set) var createdAt: Timestamp
  public internal(set) var updatedAt: Timestamp
  /// The group it counts in while it works well: a function of the description.
  package let group: PatternKey
  var row = AdaptationRow()

  init(adaptation: Text, description: AdaptationDescription, at time: Timestamp) {
    self.adaptation = adaptation
    self.description = description
    self.createdAt = time
    self.updatedAt = time
    self.group = PatternKey(of: description)
  }

  /// An adaptation as it was kept, for a checkpoint to bring back.
  public init(
    adaptation: Text, description: AdaptationDescription, outcome: Outcome?,
    successProbability: Double, appliedCount: Int64, createdAt: Timestamp, updatedAt: Timestamp
  ) {
    self.init(adaptation: adaptation, description: description, at: createdAt)
    self.outcome = outcome
    self.successProbability = successProbability
    self.appliedCount = appliedCount
    self.updatedAt = updatedAt
  }

  /// The same with its group at hand: to find it takes a fingerprint of the context, which is most
  /// of what it takes to bring back an adaptation.
  package init(
    adaptation: Text, description: AdaptationDescription, group: PatternKey, outcome: Outcome?,
    successProbability: Double, appliedCount: Int64, createdAt: Timestamp, updatedAt: Timestamp
  ) {
    self.adaptation = adaptation
    self.description = description
    self.group = group
    self.outcome = outcome
    self.successProbability = successProbability
    self.appliedCount = appliedCount
    self.createdAt = createdAt
    self.updatedAt = updatedAt
  }

  public var domain: Text { description.domain }
  public var context: JSONObject { description.context }
  public var policyChanges: [Text] { description.policyChanges }
  /// Of the latest outcome; nil before the first.
  public var effectiveness: Double? { outcome?.effectiveness }

  mutating func record(_ outcome: Outcome, at time: Timestamp) {
    self.outcome = outcome
    successProbability += 0.3 * ((outcome.success ? 1 : 0) - successProbability)
    appliedCount &+= 1
    updatedAt = time
  }

  /// Whether it supports its group's pattern.
  func isMember(_ rules: Rules) -> Bool {
    guard let effectiveness else { return false }
    return effectiveness > rules.patternEffectiveness
  }
}

/// What a system has learnt so far, in numbers.
public struct AdaptationMetrics: Hashable, Sendable {
  public var totalAdaptations: Int
  /// Derived, learned and transferred ones.
  public var totalPatterns: Int
  /// Starts at 1 and moves by 0.1 of the difference to 1 or 0 at each outcome.
  public var overallSuccessRate: Double
  /// Adaptations per domain, sorted by domain.
  public var domains: [(domain: Text, adaptations: Int)]

  public init(
    totalAdaptations: Int, totalPatterns: Int, overallSuccessRate: Double,
    domains: [(domain: Text, adaptations: Int)]
  ) {
    self.totalAdaptations = totalAdaptations
    self.totalPatterns = totalPatterns
    self.overallSuccessRate = overallSuccessRate
    self.domains = domains
  }

  public static func == (lhs: AdaptationMetrics, rhs: AdaptationMetrics) -> Bool {
    lhs.totalAdaptations == rhs.totalAdaptations && lhs.totalPatterns == rhs.totalPatterns
      && lhs.overallSuccessRate == rhs.overallSuccessRate
      && lhs.domains.elementsEqual(rhs.domains, by: ==)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(totalAdaptations)
    hasher.combine(totalPatterns)
    hasher.combine(overallSuccessRate)
  }
}

/// A pattern of whichever origin, as a system knows it.
public enum KnownPattern: Hashable, Sendable {
  case derived(DerivedPattern)
  case transferred(TransferredPattern)
  case learned(LearnedPattern)

  public var pattern: Text {
    switch self {
    case .derived(let pattern): pattern.pattern
    case .transferred(let pattern): pattern.pattern
    case .learned(let pattern): pattern.pattern
    }
  }
}
