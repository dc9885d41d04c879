internal import System5Wire

/// How an adaptation turned out. Its effectiveness is 0.5 · success + 0.3 · performance impact +
/// 0.2 · stability impact, held to 0 … 1.
public struct Outcome: Sendable, Hashable {
  public var success: Bool
  /// Usually 0 … 1; negative where it did harm.
  public var performanceImpact: Double
  public var stabilityImpact: Double

  public init(success: Bool, performanceImpact: Double = 0, stabilityImpact: Double = 0) {
    self.success = success
    self.performanceImpact = performanceImpact
    self.stabilityImpact = stabilityImpact
  }

  var members: [OrderedJSON.Member] {
    get throws(InvalidEvent) {
      [
        .init("success", .bool(success)),
        try .number("performance_impact", performanceImpact),
        try .number("stability_impact", stabilityImpact),
      ]
    }
  }
}

/// What was out of order, and what was done about it.
public struct AdaptationContext: Sendable, Hashable {
  /// Strings, booleans and null tell kinds of anomalies apart, and patterns are of one kind;
  /// numbers say how much.
  public var anomalyContext: [String: JSON]
  /// The actions that were taken.
  public var policyChanges: [String]
  /// The field it belongs to.
  public var domain: String

  public init(
    anomalyContext: [String: JSON], policyChanges: [String], domain: String = "general"
  ) {
    self.anomalyContext = anomalyContext
    self.policyChanges = policyChanges
    self.domain = domain
  }

  var members: [OrderedJSON.Member] {
    get throws(InvalidEvent) {
      [
        try .object("anomaly_context", anomalyContext),
        .strings("policy_changes", policyChanges), .string("domain", domain),
      ]
    }
  }
}

/// An adaptation: an answer to an anomaly. The same id replaces it.
public struct AdaptationStored: System5Event, Hashable {
  public var adaptation: String
  public var context: AdaptationContext
  /// Where it is known already; else ``OutcomeRecorded`` tells it later.
  public var outcome: Outcome?

  public init(_ adaptation: String, _ context: AdaptationContext, outcome: Outcome? = nil) {
    self.adaptation = adaptation
    self.context = context
    self.outcome = outcome
  }

  public var content: EventContent {
    get throws(InvalidEvent) {
      var members = [.string("adaptation", adaptation)] + (try context.members)
      if let outcome { members.append(.init("outcome", .object(try outcome.members))) }
      return EventContent(.adaptationStored, members)
    }
  }
}

/// How an adaptation turned out.
public struct OutcomeRecorded: System5Event, Hashable {
  public var adaptation: String
  public var outcome: Outcome
  /// With it, an adaptation that is not known yet is stored first.
  public var context: AdaptationContext?

  public init(_ adaptation: String, _ outcome: Outcome, context: AdaptationContext? = nil) {
    self.adaptation = adaptation
    self.outcome = outcome
    self.context = context
  }

  public var content: EventContent {
    get throws(InvalidEvent) {
      var members = [.string("adaptation", adaptation)] + (try outcome.members)
      if let context { members += try context.members }
      return EventContent(.outcomeRecorded, members)
    }
  }
}

/// A pattern that was learnt elsewhere.
public struct PatternLearned: System5Event, Hashable {
  public var pattern: String
  public var triggerConditions: [String: JSON]
  public var recommendedActions: [String]
  /// 0 … 1.
  public var confidence: Double
  public var domain: String

  public init(
    _ pattern: String, triggerConditions: [String: JSON], recommendedActions: [String],
    confidence: Double, domain: String = "general"
  ) {
    self.pattern = pattern
    self.triggerConditions = triggerConditions
    self.recommendedActions = recommendedActions
    self.confidence = confidence
    self.domain = domain
  }

  public var content: EventContent {
    get throws(InvalidEvent) {
      EventContent(
        .patternLearned,
        [
          .string("pattern", pattern), try .object("trigger_conditions", triggerConditions),
          .strings("recommended_actions", recommendedActions),
          try .number("confidence", confidence), .string("domain", domain),
        ])
    }
  }
}

/// Asks for patterns now, not only every 30 minutes.
public struct ExtractionRequested: System5Event, Hashable {
  /// How many adaptations make a pattern this time; 1 or more.
  public var minOccurrences: Int?

  public init(minOccurrences: Int? = nil) { self.minOccurrences = minOccurrences }

  public var content: EventContent {
    EventContent(.extractionRequested, [.integer("min_occurrences", minOccurrences)])
  }
}

/// Asks for what worked in one domain to be offered to another.
public struct TransferRequested: System5Event, Hashable {
  public var fromDomain: String
  /// Another one.
  public var toDomain: String

  public init(from fromDomain: String, to toDomain: String) {
    self.fromDomain = fromDomain
    self.toDomain = toDomain
  }

  public var content: EventContent {
    EventContent(
      .transferRequested, [.string("from_domain", fromDomain), .string("to_domain", toDomain)])
  }
}
