public import Foundation

/// Requisite variety: whether a system has as many answers as its environment has questions.
public struct GapAnalysis: Sendable, Hashable {
  public let environmentalVariety: Double
  public let systemVariety: Double
  /// Environment − system.
  public let varietyGap: Double
  /// Environment / system; nil when system is 0.
  public let gapRatio: Double?
  /// System / environment; 1 when environment is 0.
  public let coverageRatio: Double
  public let requisiteVarietyMet: Bool
  /// The gap, where it is one; else 0.
  public let deficit: Double
  public let environmentalSources: [String: Double]
  public let systemSources: [String: Double]
  /// The latest factor of each.
  public let amplifiers: [String: Double]
  public let attenuators: [String: Double]
}

public enum Trend: String, Sendable, Hashable, CaseIterable {
  case increasing, decreasing, stable
  /// Fewer than two measurements.
  case insufficientData = "insufficient_data"
}

/// The trends of a system's sources over one window.
public struct TrendAnalysis: Sendable, Hashable {
  /// What a source's measurements did.
  public struct Source: Sendable, Hashable {
    public let trend: Trend
    public let slopePerHour: Double
    public let average: Double
    public let min: Double
    public let max: Double
    /// max − min.
    public let volatility: Double
    public let measurements: Int
    public let latest: Double
    /// When its `above` threshold is reached if the trend goes on; nil: not within an hour.
    public let breachAt: Date?
  }

  /// Such as `hour`.
  public let window: String
  public let overallTrend: Trend
  public let criticalSources: [String]
  public let trends: [String: Source]
}

extension GapAnalysis {
  init(_ data: ResultFields) throws(UnreadableResult) {
    environmentalVariety = try data.number("environmental_variety")
    systemVariety = try data.number("system_variety")
    varietyGap = try data.number("variety_gap")
    gapRatio = try data.optional("gap_ratio") { (field) throws(UnreadableResult) in
      try field.number()
    }
    coverageRatio = try data.number("coverage_ratio")
    requisiteVarietyMet = try data.flag("requisite_variety_met")
    deficit = try data.number("deficit")
    environmentalSources = try data.numbers("environmental_sources")
    systemSources = try data.numbers("system_sources")
    amplifiers = try data.numbers("amplifiers")
    attenuators = try data.numbers("attenuators")
  }
}

extension TrendAnalysis {
  init(_ data: ResultFields) throws(UnreadableResult) {
    window = try data.text("window")
    overallTrend = try data.choice("overall_trend")
    criticalSources = try data.texts("critical_sources")
    trends = try data.named("trends") { (field) throws(UnreadableResult) in
      try Source(try field.fields())
    }
  }
}

extension TrendAnalysis.Source {
  init(_ data: ResultFields) throws(UnreadableResult) {
    trend = try data.choice("trend")
    slopePerHour = try data.number("slope_per_hour")
    average = try data.number("average")
    min = try data.number("min")
    max = try data.number("max")
    volatility = try data.number("volatility")
    measurements = try data.integer("measurements")
    latest = try data.number("latest")
    breachAt = try data.optional("breach_at") { (field) throws(UnreadableResult) in
      try field.time()
    }
  }
}
