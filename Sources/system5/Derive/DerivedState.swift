import HashTreeCollections
import System5Core
import System5Wire

/// The stores of all partitions as one object, by system. Contract, section 8.
enum DerivedState {
  static func json(of partitions: [any PartitionState]) -> JSONValue {
    var systems: [Text: JSONObject] = [:]
    func set(_ name: Text, _ value: JSONValue, of system: Text) {
      systems[system, default: JSONObject()].set(name, to: value)
    }
    for partition in partitions {
      switch partition {
      case let partition as Partition<PolicyStore>:
        for (system, state) in partition.shard.store.systems {
          set("policies", policies(of: state), of: system)
        }
      case let partition as Partition<AdaptationStore>:
        for (system, state) in partition.shard.store.systems {
          set("adaptations", adaptations(of: state), of: system)
          set("patterns", patterns(of: state, system), of: system)
        }
      case let partition as Partition<VarietyMetricsStore>:
        for (system, state) in partition.shard.store.systems {
          set("variety", variety(of: state, system), of: system)
          set("alerts", alerts(of: state, system), of: system)
        }
      default: break
      }
    }
    return ["systems": object(systems.map { ($0.key, .object($0.value)) })]
  }

  private static func policies(of state: SystemPolicies) -> JSONValue {
    object(state.policies.map { ($0.key, StateEncoder.json($0.value).jsonValue) })
  }

  private static func adaptations(of state: SystemAdaptations) -> JSONValue {
    object(state.adaptations.map { ($0.key, StateEncoder.json($0.value).jsonValue) })
  }

  private static func patterns(of state: SystemAdaptations, _ system: Text) -> JSONValue {
    object(state.patterns.map { ($0.pattern, StateEncoder.json($0, of: system).jsonValue) })
  }

  private static func alerts(of state: SystemVariety, _ system: Text) -> JSONValue {
    object(state.latestAlerts().map { ($0.alert, StateEncoder.json($0, of: system).jsonValue) })
  }

  private static func variety(of state: SystemVariety, _ system: Text) -> JSONValue {
    let sources = state.currentMeasurements().map {
      ($0.source, StateEncoder.json($0).jsonValue)
    }
    let requisite = state.requisiteVariety().map { StateEncoder.json($0, of: system).jsonValue }
    return [
      "sources": object(sources), "thresholds": thresholds(of: state),
      "amplifiers": factors(state.amplifierFactors()),
      "attenuators": factors(state.attenuatorFactors()), "requisite": requisite ?? .null,
    ]
  }

  /// By source, then by direction: a source may have one of each.
  private static func thresholds(of state: SystemVariety) -> JSONValue {
    var sources: [Text: JSONObject] = [:]
    for (source, threshold) in state.thresholds() {
      let json = StateEncoder.json(threshold, of: source).jsonValue
      sources[source, default: JSONObject()].set(Text(threshold.direction.rawValue), to: json)
    }
    return object(sources.map { ($0.key, .object($0.value)) })
  }

  private static func factors(_ values: [NamedValue]) -> JSONValue {
    object(
      values.map { ($0.name, JSONNumber($0.value).map(JSONValue.number) ?? JSONValue.null) })
  }

  private static func object(_ members: [(Text, JSONValue)]) -> JSONValue {
    .object(JSONObject(members.map { JSONObject.Member(name: $0.0, value: $0.1) }))
  }
}
