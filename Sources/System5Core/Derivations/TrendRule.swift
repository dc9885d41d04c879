/// What a summary of measurements says about where a source is going. Contract, section 4.
enum TrendRule {
  /// - Parameter threshold: the source's `above` threshold, if it has one.
  static func judge(_ summary: Summary, of source: Text, above threshold: Double?) -> SourceTrend {
    let slopePerHour = summary.slope * 3600
    let trend = self.trend(of: summary)
    let breach = trend == .increasing ? breachTime(summary, slopePerHour, threshold) : nil
    let hours = summary.lastTime.since(summary.firstTime).seconds / 3600
    let isSteep = slopePerHour * hours >= summary.mean / 2
    return SourceTrend(
      source: source, trend: trend, slopePerHour: slopePerHour, average: summary.mean,
      min: summary.min, max: summary.max, measurements: summary.count,
      latest: summary.lastValue, breachAt: breach,
      isCritical: trend == .increasing && (breach != nil || isSteep))
  }

  private static func trend(of summary: Summary) -> Trend {
    if summary.count < 2 { return .insufficientData }
    guard summary.isSlopeSignificant else { return .stable }
    return summary.slope > 0 ? .increasing : .decreasing
  }

  /// When the trend meets the threshold, if within the hour after the latest point; to the
  /// millisecond. A threshold that is exceeded already is met at the latest point.
  private static func breachTime(
    _ summary: Summary, _ slopePerHour: Double, _ threshold: Double?
  ) -> Timestamp? {
    guard let threshold, summary.lastValue + slopePerHour >= threshold else { return nil }
    let seconds = max(0, (threshold - summary.lastValue) / summary.slope)
    let milliseconds = (seconds * 1000).rounded()
    return summary.lastTime.advanced(by: Timestamp.Span(seconds: milliseconds / 1000))
  }

  /// What more sources show, increasing or decreasing; stable where neither leads.
  static func overall(_ trends: [SourceTrend]) -> Trend {
    let rising = trends.count { $0.trend == .increasing }
    let falling = trends.count { $0.trend == .decreasing }
    return rising > falling ? .increasing : falling > rising ? .decreasing : .stable
  }
}
