import System5Core

/// What the stores hold, as `derive --state` writes it. Contract, section 8.
extension ReferenceModel {
  var state: ReferenceValue {
    var systems: [ReferenceWord: ReferenceObject] = [:]
    for shard in shards.values {
      for (system, policies) in shard.policies {
        systems[system, default: [:]]["policies"] = policies.state
      }
      for (system, adaptations) in shard.adaptations {
        systems[system, default: [:]]["adaptations"] = adaptations.state
        systems[system, default: [:]]["patterns"] = adaptations.patternState
      }
      for (system, variety) in shard.variety {
        systems[system, default: [:]]["variety"] = variety.state
        systems[system, default: [:]]["alerts"] = variety.alertState
      }
    }
    return ["systems": .object(systems.mapValues { .object($0) })]
  }
}

extension ReferencePolicies {
  var state: ReferenceValue {
    .object(
      Dictionary(uniqueKeysWithValues: policies.map { ($0, state(of: $1, named: $0)) }))
  }

  private func state(of policy: Policy, named id: ReferenceWord) -> ReferenceValue {
    let (successes, failures) = (Double(policy.successes), Double(policy.failures))
    let interval = referenceWilson(successes, of: successes + failures)
    return [
      "policy": .text(id), "version": .number(policy.current.number),
      "active": .bool(policy.deleted == nil), "data": .object(policy.current.data),
      "metadata": .object(policy.current.metadata), "created_at": .time(policy.created),
      "updated_at": .time(policy.updated), "deleted_at": policy.deleted.map { .time($0) },
      "usage_count": .number(policy.usages), "success_count": .number(policy.successes),
      "failure_count": .number(policy.failures),
      "effectiveness": .number(
        successes + failures == 0 ? 1.0 : successes / (successes + failures)),
      "effectiveness_interval": .list([.number(interval.low), .number(interval.high)]),
    ]
  }
}

extension ReferenceAdaptations {
  var state: ReferenceValue {
    .object(
      Dictionary(uniqueKeysWithValues: adaptations.map { ($0, state(of: $1, named: $0)) }))
  }

  private func state(of adaptation: ReferenceAdaptation, named id: ReferenceWord) -> ReferenceValue
  {
    let outcome: ReferenceValue? = adaptation.outcome.map {
      [
        "success": .bool($0.success), "performance_impact": .number($0.performance),
        "stability_impact": .number($0.stability),
      ]
    }
    return [
      "adaptation": .text(id), "domain": .text(adaptation.domain),
      "anomaly_context": .object(adaptation.context),
      "policy_changes": .list(adaptation.changes.map { .text($0) }), "outcome": outcome,
      "effectiveness": adaptation.outcome.map { .number($0.effectiveness) },
      "success_probability": .number(adaptation.successProbability),
      "applied_count": .number(adaptation.applied), "created_at": .time(adaptation.created),
      "updated_at": .time(adaptation.updated),
    ]
  }

  /// Derived, transferred and learnt ones, by id.
  var patternState: ReferenceValue {
    var patterns = learned.mapValues { ReferenceValue.object($0) }
    for (name, data) in transferred { patterns[name] = .object(data) }
    for (name, pattern) in published { patterns[name] = .object(pattern.data(system)) }
    return .object(patterns)
  }
}

extension ReferenceVariety {
  var state: ReferenceValue {
    [
      "sources": .object(
        sources.reduce(into: [:]) { $0[$1.key] = state(of: $1.value, named: $1.key) }),
      "thresholds": .object(thresholds),
      "amplifiers": .object(amplifiers.mapValues { .number($0) }),
      "attenuators": .object(attenuators.mapValues { .number($0) }), "requisite": requisite,
    ]
  }

  private func state(of source: Source, named id: ReferenceWord) -> ReferenceValue {
    let point = source.current
    return [
      "source": .text(id), "role": source.isEnvironment ? "environment" : "system",
      "variety": .number(point.variety), "capacity": .number(point.capacity),
      "metadata": .object(point.metadata), "time": .time(point.time),
    ]
  }

  /// By source, then by direction.
  private var thresholds: ReferenceObject {
    var sources: [ReferenceWord: ReferenceObject] = [:]
    for (key, watch) in watches {
      let threshold = watch.threshold
      sources[key.source, default: [:]][key.direction] = [
        "source": .text(key.source), "threshold": .number(threshold.limit),
        "direction": .text(key.direction),
        "recovery_threshold": threshold.givenRecovery.map { .number($0) },
        "for_seconds": .number(threshold.seconds),
      ]
    }
    return sources.mapValues { .object($0) }
  }

  /// The latest episode of each alert there has been.
  var alertState: ReferenceValue {
    .object(
      alerts.reduce(into: [:]) {
        $0[ReferenceAlertKey.name($1.key, system)] = .object($1.value.latest)
      })
  }
}
