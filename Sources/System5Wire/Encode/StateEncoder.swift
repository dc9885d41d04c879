import System5Core

/// What the stores hold, as HTTP answers and `derive --state` show it. Contract, section 8.
///
/// Members are in the contract's order; ``OrderedJSON/jsonValue`` sorts them.
public enum StateEncoder {
  public static func json(_ policy: Policy) -> OrderedJSON {
    let interval = policy.effectivenessInterval
    let members: [OrderedJSON.Member?] = [
      .init("policy", .text(policy.policy)),
      .init("version", .integer(policy.version)),
      .init("active", .bool(policy.isActive)),
      .init("data", .value(.object(policy.data))),
      .init("metadata", .value(.object(policy.metadata))),
      .init("created_at", .time(policy.createdAt)),
      .init("updated_at", .time(policy.updatedAt)),
      .optional("deleted_at", policy.deletedAt.map(OrderedJSON.time)),
      .init("usage_count", .integer(policy.usageCount)),
      .init("success_count", .integer(policy.successCount)),
      .init("failure_count", .integer(policy.failureCount)),
      .init("effectiveness", .number(policy.effectiveness)),
      .init(
        "effectiveness_interval", .list([.number(interval.lower), .number(interval.upper)])),
    ]
    return .object(members.compactMap(\.self))
  }

  /// One version: what belongs to the version and not to the policy as a whole.
  public static func json(_ version: PolicyVersion, of policy: Text) -> OrderedJSON {
    let members: [OrderedJSON.Member?] = [
      .init("policy", .text(policy)),
      .init("version", .integer(version.version)),
      .init("data", .value(.object(version.data))),
      .init("metadata", .value(.object(version.metadata))),
      .init("created_at", .time(version.createdAt)),
      .optional("previous_version", version.previousVersion.map(OrderedJSON.integer)),
    ]
    return .object(members.compactMap(\.self))
  }

  public static func json(_ adaptation: Adaptation) -> OrderedJSON {
    let members: [OrderedJSON.Member?] = [
      .init("adaptation", .text(adaptation.adaptation)),
      .init("domain", .text(adaptation.domain)),
      .init("anomaly_context", .value(.object(adaptation.context))),
      .init("policy_changes", .texts(adaptation.policyChanges)),
      .optional("outcome", adaptation.outcome.map(json)),
      .optional("effectiveness", adaptation.effectiveness.map(OrderedJSON.number)),
      .init("success_probability", .number(adaptation.successProbability)),
      .init("applied_count", .integer(adaptation.appliedCount)),
      .init("created_at", .time(adaptation.createdAt)),
      .init("updated_at", .time(adaptation.updatedAt)),
    ]
    return .object(members.compactMap(\.self))
  }

  public static func json(_ outcome: Outcome) -> OrderedJSON {
    .object([
      .init("success", .bool(outcome.success)),
      .init("performance_impact", .number(outcome.performanceImpact)),
      .init("stability_impact", .number(outcome.stabilityImpact)),
    ])
  }

  public static func json(_ metrics: AdaptationMetrics) -> OrderedJSON {
    let domains = metrics.domains.map { domain, count in
      OrderedJSON.Member(domain.string, .integer(Int64(count)))
    }
    return .object([
      .init("total_adaptations", .integer(Int64(metrics.totalAdaptations))),
      .init("total_patterns", .integer(Int64(metrics.totalPatterns))),
      .init("overall_success_rate", .number(metrics.overallSuccessRate)),
      .init("domains", .object(domains)),
    ])
  }
}

extension StateEncoder {
  public static func json(_ measurement: Measurement) -> OrderedJSON {
    .object([
      .init("source", .text(measurement.source)),
      .init("role", .string(measurement.role.rawValue)),
      .init("variety", .number(measurement.variety)),
      .init("capacity", .number(measurement.capacity)),
      .init("metadata", .value(.object(measurement.metadata))),
      .init("time", .time(measurement.time)),
    ])
  }

  public static func json(_ threshold: Threshold, of source: Text) -> OrderedJSON {
    let members: [OrderedJSON.Member?] = [
      .init("source", .text(source)),
      .init("threshold", .number(threshold.threshold)),
      .init("direction", .string(threshold.direction.rawValue)),
      .optional("recovery_threshold", threshold.recovery.map(OrderedJSON.number)),
      .init("for_seconds", .number(threshold.forSeconds)),
    ]
    return .object(members.compactMap(\.self))
  }

  public static func json(_ conversion: Conversion) -> OrderedJSON {
    .object([
      .init("factor", .number(conversion.factor)),
      .init("input_variety", .number(conversion.inputVariety)),
      .init("output_variety", .number(conversion.outputVariety)),
      .init("time", .time(conversion.time)),
    ])
  }
}

/// Patterns, alerts, gaps and trends look as in results.
extension StateEncoder {
  public static func json(_ pattern: KnownPattern, of system: Text) -> OrderedJSON {
    switch pattern {
    case .derived(let pattern): result(ResultData.members(of: pattern), of: system)
    case .transferred(let pattern):
      result(ResultData.members(of: pattern, system: system), of: system)
    case .learned(let pattern): result(members(of: pattern), of: system)
    }
  }

  public static func json(_ alert: Alert, of system: Text) -> OrderedJSON {
    result(ResultData.members(of: alert), of: system)
  }

  public static func json(_ analysis: GapAnalysis, of system: Text) -> OrderedJSON {
    result(ResultData.members(of: analysis), of: system)
  }

  public static func json(_ analysis: TrendAnalysis, of system: Text) -> OrderedJSON {
    result(ResultData.members(of: analysis), of: system)
  }

  private static func result(
    _ members: [OrderedJSON.Member], of system: Text
  ) -> OrderedJSON {
    .object([.init("system", .text(system))] + members)
  }

  private static func members(of pattern: LearnedPattern) -> [OrderedJSON.Member] {
    [
      .init("pattern", .text(pattern.pattern)),
      .init("pattern_type", .string("learned")),
      .init("domain", .text(pattern.domain)),
      .init("trigger_conditions", .value(.object(pattern.triggerConditions))),
      .init("recommended_actions", .texts(pattern.recommendedActions)),
      .init("confidence", .number(pattern.confidence)),
    ]
  }
}
