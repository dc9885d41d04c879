import System5Core

/// The `data` of results, members in the contract's order. Contract, section 4.
enum ResultData {
  static func members(of output: Output, system: Text) -> [OrderedJSON.Member] {
    switch output {
    case .patternDerived(let pattern): members(of: pattern)
    case .patternTransferred(let pattern): members(of: pattern, system: system)
    case .patternRetired(let pattern, let reason):
      [.init("pattern", .text(pattern)), .init("reason", .string(reason))]
    case .alertFiring(let alert), .alertResolved(let alert): members(of: alert)
    case .gapAnalysed(let analysis): members(of: analysis)
    case .trendsAnalysed(let analysis): members(of: analysis)
    }
  }

  static func members(of pattern: DerivedPattern) -> [OrderedJSON.Member] {
    [
      .init("pattern", .text(pattern.pattern)),
      .init("pattern_type", .string("recurring_adaptation")),
      .init("domain", .text(pattern.domain)),
      .init("revision", .integer(pattern.revision)),
      .init("occurrences", .integer(pattern.occurrences)),
      .init("avg_effectiveness", .number(pattern.averageEffectiveness)),
      .init("effectiveness_lower", .number(pattern.effectivenessLower)),
      .init("common_context", .value(.object(pattern.commonContext))),
      .init("context_ranges", .object(pattern.contextRanges.map(range))),
      .init("recommended_actions", .list(pattern.recommendedActions.map(action))),
      .init("first_seen", .time(pattern.firstSeen)),
      .init("last_seen", .time(pattern.lastSeen)),
      .init("evidence", .texts(pattern.evidence)),
    ]
  }

  private static func range(_ range: DerivedPattern.NamedRange) -> OrderedJSON.Member {
    .init(
      range.name.string,
      .object([
        .init("min", .number(range.min)), .init("mean", .number(range.mean)),
        .init("max", .number(range.max)),
      ]))
  }

  private static func action(_ action: DerivedPattern.RecommendedAction) -> OrderedJSON {
    .object([
      .init("action", .text(action.action)), .init("support", .number(action.support)),
      .init("avg_effectiveness", .number(action.averageEffectiveness)),
    ])
  }

  static func members(
    of pattern: TransferredPattern, system: Text
  ) -> [OrderedJSON.Member] {
    let base = [.init("system", .text(system))] + members(of: pattern.basePattern)
    return [
      .init("pattern", .text(pattern.pattern)),
      .init("pattern_type", .string("transferred")),
      .init("source_domain", .text(pattern.sourceDomain)),
      .init("target_domain", .text(pattern.targetDomain)),
      .init("base_pattern", .object(base)),
      .init("confidence", .number(pattern.confidence)),
    ]
  }

  static func members(of alert: Alert) -> [OrderedJSON.Member] {
    let members: [OrderedJSON.Member?] = [
      .init("alert", .text(alert.alert)),
      .init("kind", .string(alert.kind.rawValue)),
      .optional("source", alert.source.map(OrderedJSON.text)),
      .optional("direction", alert.direction.map { .string($0.rawValue) }),
      .init("value", .number(alert.value)),
      .optional("threshold", alert.threshold.map(OrderedJSON.number)),
      .init("starts_at", .time(alert.startsAt)),
      .optional("ends_at", alert.endsAt.map(OrderedJSON.time)),
      .init("episode", .integer(alert.episode)),
      .init("summary", .string(alert.summary)),
    ]
    return members.compactMap(\.self)
  }

  static func members(of analysis: GapAnalysis) -> [OrderedJSON.Member] {
    [
      .init("environmental_variety", .number(analysis.environmentalVariety)),
      .init("system_variety", .number(analysis.systemVariety)),
      .init("variety_gap", .number(analysis.gap)),
      .init("gap_ratio", analysis.gapRatio.map(OrderedJSON.number) ?? .null),
      .init("coverage_ratio", .number(analysis.coverageRatio)),
      .init("requisite_variety_met", .bool(analysis.isRequisiteVarietyMet)),
      .init("deficit", .number(analysis.deficit)),
      .init("environmental_sources", named(analysis.environmentalSources)),
      .init("system_sources", named(analysis.systemSources)),
      .init("amplifiers", named(analysis.amplifiers)),
      .init("attenuators", named(analysis.attenuators)),
    ]
  }

  private static func named(_ values: [NamedValue]) -> OrderedJSON {
    .object(values.map { .init($0.name.string, .number($0.value)) })
  }

  static func members(of analysis: TrendAnalysis) -> [OrderedJSON.Member] {
    [
      .init("window", .string(analysis.window.name)),
      .init("overall_trend", .string(analysis.overallTrend.rawValue)),
      .init("critical_sources", .texts(analysis.criticalSources)),
      .init("trends", .object(analysis.trends.map(trend))),
    ]
  }

  private static func trend(_ trend: SourceTrend) -> OrderedJSON.Member {
    let members: [OrderedJSON.Member?] = [
      .init("trend", .string(trend.trend.rawValue)),
      .init("slope_per_hour", .number(trend.slopePerHour)),
      .init("average", .number(trend.average)),
      .init("min", .number(trend.min)),
      .init("max", .number(trend.max)),
      .init("volatility", .number(trend.volatility)),
      .init("measurements", .integer(trend.measurements)),
      .init("latest", .number(trend.latest)),
      .optional("breach_at", trend.breachAt.map(OrderedJSON.time)),
    ]
    return .init(trend.source.string, .object(members.compactMap(\.self)))
  }
}
