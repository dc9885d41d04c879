/// One of the topics that results go to.
public enum OutputTopic: String, Sendable, CaseIterable {
  case patterns
  case alerts
  case gapAnalyses = "gap-analyses"
}

/// A result: what followed from one input event, before it gets an id from the event's position.
public struct OutputEvent: Hashable, Sendable {
  public var system: Text
  /// Event time of the cause, or the boundary for what runs periodically.
  public var time: Timestamp
  public var payload: Output

  public init(system: Text, time: Timestamp, payload: Output) {
    self.system = system
    self.time = time
    self.payload = payload
  }
}

/// What a result says. Contract, section 4.
public enum Output: Hashable, Sendable {
  case patternDerived(DerivedPattern)
  case patternTransferred(TransferredPattern)
  /// Followed by a tombstone for the pattern's key.
  case patternRetired(pattern: Text, reason: String)
  case alertFiring(Alert)
  case alertResolved(Alert)
  case gapAnalysed(GapAnalysis)
  case trendsAnalysed(TrendAnalysis)

  public var topic: OutputTopic {
    switch self {
    case .patternDerived, .patternTransferred, .patternRetired: .patterns
    case .alertFiring, .alertResolved: .alerts
    case .gapAnalysed, .trendsAnalysed: .gapAnalyses
    }
  }

  /// The CloudEvents `type`.
  public var type: String {
    switch self {
    case .patternDerived: "system5.pattern.derived"
    case .patternTransferred: "system5.pattern.transferred"
    case .patternRetired: "system5.pattern.retired"
    case .alertFiring: "system5.alert.firing"
    case .alertResolved: "system5.alert.resolved"
    case .gapAnalysed: "system5.gap.analysed"
    case .trendsAnalysed: "system5.trends.analysed"
    }
  }

  /// The CloudEvents `subject`: the pattern or the alert; nil stands for the system itself.
  public var subject: Text? {
    switch self {
    case .patternDerived(let pattern): pattern.pattern
    case .patternTransferred(let pattern): pattern.pattern
    case .patternRetired(let pattern, _): pattern
    case .alertFiring(let alert), .alertResolved(let alert): alert.alert
    case .gapAnalysed, .trendsAnalysed: nil
    }
  }
}

/// A pattern found in this system's own adaptations: how often, how well, in which contexts.
public struct DerivedPattern: Hashable, Sendable {
  public var pattern: Text
  public var domain: Text
  public var revision: Int64
  public var occurrences: Int64
  public var averageEffectiveness: Double
  public var effectivenessLower: Double
  public var commonContext: JSONObject
  /// Sorted by name.
  public var contextRanges: [NamedRange]
  public var recommendedActions: [RecommendedAction]
  public var firstSeen: Timestamp
  public var lastSeen: Timestamp
  /// The latest ten members, newest first.
  public var evidence: [Text]

  public init(
    pattern: Text, domain: Text, revision: Int64, occurrences: Int64,
    averageEffectiveness: Double, effectivenessLower: Double, commonContext: JSONObject,
    contextRanges: [NamedRange], recommendedActions: [RecommendedAction],
    firstSeen: Timestamp, lastSeen: Timestamp, evidence: [Text]
  ) {
    self.pattern = pattern
    self.domain = domain
    self.revision = revision
    self.occurrences = occurrences
    self.averageEffectiveness = averageEffectiveness
    self.effectivenessLower = effectivenessLower
    self.commonContext = commonContext
    self.contextRanges = contextRanges
    self.recommendedActions = recommendedActions
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
    self.evidence = evidence
  }

  public struct NamedRange: Hashable, Sendable {
    public var name: Text
    public var min: Double
    public var mean: Double
    public var max: Double

    public init(name: Text, min: Double, mean: Double, max: Double) {
      self.name = name
      self.min = min
      self.mean = mean
      self.max = max
    }
  }

  public struct RecommendedAction: Hashable, Sendable {
    public var action: Text
    /// The share of members that took it.
    public var support: Double
    public var averageEffectiveness: Double

    public init(action: Text, support: Double, averageEffectiveness: Double) {
      self.action = action
      self.support = support
      self.averageEffectiveness = averageEffectiveness
    }
  }
}

/// A pattern of one domain offered to another.
public struct TransferredPattern: Hashable, Sendable {
  public var pattern: Text
  public var sourceDomain: Text
  public var targetDomain: Text
  public var basePattern: DerivedPattern
  /// 0.8 · the base pattern's average effectiveness.
  public var confidence: Double

  public init(
    pattern: Text, sourceDomain: Text, targetDomain: Text, basePattern: DerivedPattern,
    confidence: Double
  ) {
    self.pattern = pattern
    self.sourceDomain = sourceDomain
    self.targetDomain = targetDomain
    self.basePattern = basePattern
    self.confidence = confidence
  }
}

/// One episode of something being wrong, from its beginning to its end.
public struct Alert: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case varietyThreshold = "variety-threshold"
    case requisiteVariety = "requisite-variety"
    case criticalTrend = "critical-trend"
  }

  /// The fingerprint of system, kind, source and direction.
  public var alert: Text
  public var kind: Kind
  public var source: Text?
  public var direction: Direction?
  public var value: Double
  public var threshold: Double?
  public var startsAt: Timestamp
  /// nil while firing.
  public var endsAt: Timestamp?
  /// Counted from 1 for each alert.
  public var episode: Int64
  /// One English sentence.
  public var summary: String

  public init(
    alert: Text, kind: Kind, source: Text?, direction: Direction?, value: Double,
    threshold: Double?, startsAt: Timestamp, endsAt: Timestamp?, episode: Int64, summary: String
  ) {
    self.alert = alert
    self.kind = kind
    self.source = source
    self.direction = direction
    self.value = value
    self.threshold = threshold
    self.startsAt = startsAt
    self.endsAt = endsAt
    self.episode = episode
    self.summary = summary
  }

  public var isFiring: Bool { endsAt == nil }
}

/// A name and a number, for results whose members are named by their data.
public struct NamedValue: Hashable, Sendable {
  public var name: Text
  public var value: Double

  public init(name: Text, value: Double) {
    self.name = name
    self.value = value
  }
}

/// Requisite variety: whether a system has as many answers as its environment has questions.
public struct GapAnalysis: Hashable, Sendable {
  public var environmentalVariety: Double
  public var systemVariety: Double
  /// Each sorted by name.
  public var environmentalSources: [NamedValue]
  public var systemSources: [NamedValue]
  public var amplifiers: [NamedValue]
  public var attenuators: [NamedValue]

  /// - Parameters:
  ///   - environmentalVariety: 0 or more.
  ///   - systemVariety: 0 or more.
  public init(
    environmentalVariety: Double, systemVariety: Double,
    environmentalSources: [NamedValue] = [], systemSources: [NamedValue] = [],
    amplifiers: [NamedValue] = [], attenuators: [NamedValue] = []
  ) {
    self.environmentalVariety = environmentalVariety
    self.systemVariety = systemVariety
    self.environmentalSources = environmentalSources
    self.systemSources = systemSources
    self.amplifiers = amplifiers
    self.attenuators = attenuators
  }

  /// Environment − system.
  public var gap: Double { environmentalVariety - systemVariety }
  /// Environment / system; nil when system is 0.
  public var gapRatio: Double? {
    systemVariety == 0 ? nil : environmentalVariety / systemVariety
  }
  /// System / environment; 1 when environment is 0.
  public var coverageRatio: Double {
    environmentalVariety == 0 ? 1 : systemVariety / environmentalVariety
  }
  public var isRequisiteVarietyMet: Bool { systemVariety >= environmentalVariety }
  public var deficit: Double { max(0, gap) }
}

/// The trends of a system's sources over one window.
public struct TrendAnalysis: Hashable, Sendable {
  public var window: Window
  public var overallTrend: Trend
  /// Sorted.
  public var criticalSources: [Text]
  /// The sources measured in the window, sorted by name.
  public var trends: [SourceTrend]

  public init(
    window: Window, overallTrend: Trend, criticalSources: [Text], trends: [SourceTrend]
  ) {
    self.window = window
    self.overallTrend = overallTrend
    self.criticalSources = criticalSources
    self.trends = trends
  }
}

public enum Trend: String, Sendable, CaseIterable {
  case increasing, decreasing, stable
  case insufficientData = "insufficient_data"
}

/// A span of stream time to look back over.
public enum Window: Hashable, Sendable {
  case minute, hour, day, week, month
  case seconds(Int64)

  public var span: Timestamp.Span {
    switch self {
    case .minute: .minutes(1)
    case .hour: .hours(1)
    case .day: .days(1)
    case .week: .days(7)
    case .month: .days(30)
    case .seconds(let count): .seconds(count)
    }
  }

  /// As results spell it.
  public var name: String {
    switch self {
    case .minute: "minute"
    case .hour: "hour"
    case .day: "day"
    case .week: "week"
    case .month: "month"
    case .seconds(let count): "\(count)s"
    }
  }
}

/// What a source's measurements did over a window.
public struct SourceTrend: Hashable, Sendable {
  public var source: Text
  public var trend: Trend
  public var slopePerHour: Double
  public var average: Double
  public var min: Double
  public var max: Double
  public var measurements: Int64
  public var latest: Double
  /// When the source's `above` threshold is reached if the trend goes on; nil: not within an hour.
  public var breachAt: Timestamp?
  public var isCritical: Bool

  public init(
    source: Text, trend: Trend, slopePerHour: Double, average: Double, min: Double, max: Double,
    measurements: Int64, latest: Double, breachAt: Timestamp?, isCritical: Bool
  ) {
    self.source = source
    self.trend = trend
    self.slopePerHour = slopePerHour
    self.average = average
    self.min = min
    self.max = max
    self.measurements = measurements
    self.latest = latest
    self.breachAt = breachAt
    self.isCritical = isCritical
  }

  /// max − min.
  public var volatility: Double { max - min }
}
