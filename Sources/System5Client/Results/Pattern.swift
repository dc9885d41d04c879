public import Foundation

/// A pattern found in a system's own adaptations: how often, how well, in which contexts.
public struct DerivedPattern: Sendable, Hashable {
  /// The least, the mean and the most of a numeric attribute.
  public struct Range: Sendable, Hashable {
    public let min: Double
    public let mean: Double
    public let max: Double
  }

  public struct Action: Sendable, Hashable {
    public let action: String
    /// The share of adaptations that took it, 0 … 1.
    public let support: Double
    public let averageEffectiveness: Double
  }

  /// A hash of domain and context: the same for every revision.
  public let id: String
  public let domain: String
  /// Counted from 1.
  public let revision: Int
  /// How many adaptations show it.
  public let occurrences: Int
  public let averageEffectiveness: Double
  /// The lower end of the 95 % interval of the share that succeeded.
  public let effectivenessLower: Double
  /// The attributes that all have in common.
  public let commonContext: [String: JSON]
  public let contextRanges: [String: Range]
  /// The best five, best first.
  public let recommendedActions: [Action]
  public let firstSeen: Date
  public let lastSeen: Date
  /// The latest ten adaptations, newest first.
  public let evidence: [String]
}

/// A pattern of one domain offered to another.
public struct TransferredPattern: Sendable, Hashable {
  public let id: String
  public let sourceDomain: String
  public let targetDomain: String
  public let basePattern: DerivedPattern
  /// 0.8 · the base pattern's average effectiveness.
  public let confidence: Double
}

/// A pattern that no longer holds.
public struct RetiredPattern: Sendable, Hashable {
  public let id: String
  public let reason: String
}

extension DerivedPattern {
  init(_ data: ResultFields) throws(UnreadableResult) {
    id = try data.text("pattern")
    domain = try data.text("domain")
    revision = try data.integer("revision")
    occurrences = try data.integer("occurrences")
    averageEffectiveness = try data.number("avg_effectiveness")
    effectivenessLower = try data.number("effectiveness_lower")
    commonContext = try data.freeForm("common_context")
    contextRanges = try data.named("context_ranges") { (field) throws(UnreadableResult) in
      try Range(try field.fields())
    }
    recommendedActions = try data.list("recommended_actions") {
      (field) throws(UnreadableResult) in try Action(try field.fields())
    }
    firstSeen = try data.time("first_seen")
    lastSeen = try data.time("last_seen")
    evidence = try data.texts("evidence")
  }
}

extension DerivedPattern.Range {
  init(_ data: ResultFields) throws(UnreadableResult) {
    min = try data.number("min")
    mean = try data.number("mean")
    max = try data.number("max")
  }
}

extension DerivedPattern.Action {
  init(_ data: ResultFields) throws(UnreadableResult) {
    action = try data.text("action")
    support = try data.number("support")
    averageEffectiveness = try data.number("avg_effectiveness")
  }
}

extension TransferredPattern {
  init(_ data: ResultFields) throws(UnreadableResult) {
    id = try data.text("pattern")
    sourceDomain = try data.text("source_domain")
    targetDomain = try data.text("target_domain")
    basePattern = try DerivedPattern(try data.required("base_pattern").fields())
    confidence = try data.number("confidence")
  }
}

extension RetiredPattern {
  init(_ data: ResultFields) throws(UnreadableResult) {
    id = try data.text("pattern")
    reason = try data.text("reason")
  }
}
