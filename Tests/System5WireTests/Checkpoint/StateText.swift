import HashTreeCollections
import System5Core
import Testing

@testable import System5Wire

/// A state as lines of canonical JSON, for people to compare: what queries answer, and below it
/// what only the future shows.
enum StateText {
  static func lines(of partition: any PartitionState) throws -> [String] {
    switch partition {
    case let partition as Partition<PolicyStore>: lines(of: partition, policies)
    case let partition as Partition<AdaptationStore>: lines(of: partition, adaptations)
    case let partition as Partition<VarietyMetricsStore>: lines(of: partition, variety)
    default: throw CheckpointError.unsupportedState
    }
  }

  private static func lines<Store: EventStore>(
    of partition: Partition<Store>, _ system: (Text, Store.System) -> [OrderedJSON]
  ) -> [String] {
    let window = partition.shard.window
    let keys = (0..<window.count).map {
      OrderedJSON.list([.text(window[$0].source), .text(window[$0].id)])
    }
    let systems = partition.shard.store.systems.sorted { $0.key < $1.key }.flatMap { name, state in
      [.list([.text(name), optional(state.streamTime)])] + system(name, state)
    }
    return (systems + keys).map(\.jsonValue.canonicalText)
  }

  private static func optional(_ time: Timestamp?) -> OrderedJSON {
    time.map(OrderedJSON.time) ?? .null
  }

  private static func policies(_ name: Text, _ state: SystemPolicies) -> [OrderedJSON] {
    state.policies.values.sorted { $0.policy < $1.policy }.flatMap { policy in
      [StateEncoder.json(policy)]
        + policy.versions.map { StateEncoder.json($0, of: policy.policy) }
    }
  }

  private static func adaptations(_ name: Text, _ state: SystemAdaptations) -> [OrderedJSON] {
    [StateEncoder.json(state.metrics)]
      + state.adaptations.values.sorted { $0.adaptation < $1.adaptation }
      .map { .list([StateEncoder.json($0), .text($0.group.text)]) }
      + state.patterns.map { StateEncoder.json($0, of: name) }
  }

  private static func variety(_ name: Text, _ state: SystemVariety) -> [OrderedJSON] {
    [
      state.requisiteVariety().map { StateEncoder.json($0, of: name) } ?? .null,
      balance(state.balance), .texts(state.criticalSourcesInOrder),
    ]
      + conversions(state.amplifiers) + conversions(state.attenuators)
      + state.sources.sorted { $0.key < $1.key }.flatMap { name, source in
        [.list([.text(name), watch(source.above), watch(source.below)])]
          + source.series.blocks.map { block($0.columns) }
      }
      + state.currentMeasurements().map(StateEncoder.json)
      + state.latestAlerts().map { StateEncoder.json($0, of: name) }
  }

  private static func balance(_ balance: Balance) -> OrderedJSON {
    .list([
      numbers(balance.environment.partials), numbers(balance.system.partials),
      .bool(balance.environmentMeasured), .bool(balance.systemMeasured),
      balance.isMet.map(OrderedJSON.bool) ?? .null,
      numbers(balance.published.map { [$0.environment, $0.system] } ?? []),
      optional(balance.published?.at),
    ])
  }

  private static func watch(_ watch: Watch?) -> OrderedJSON {
    guard let watch else { return .null }
    return .list([
      StateEncoder.json(watch.rule, of: ""), optional(watch.violatingSince),
      .bool(watch.isFiring),
    ])
  }

  private static func block(_ block: TimeSeries.Columns) -> OrderedJSON {
    .list([
      .list(block.times.map(OrderedJSON.time)), numbers(block.varieties),
      numbers(block.capacities), .list(block.metadata.map { .value(.object($0)) }),
    ])
  }

  private static func numbers(_ values: [Double]) -> OrderedJSON {
    .list(values.map(OrderedJSON.number))
  }

  private static func conversions(_ all: TreeDictionary<Text, Conversion>) -> [OrderedJSON] {
    all.sorted { $0.key < $1.key }.map { .list([.text($0.key), StateEncoder.json($0.value)]) }
  }
}
