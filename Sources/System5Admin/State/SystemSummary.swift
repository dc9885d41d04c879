import HashTreeCollections
import System5Core
import System5Wire
import System5Worker

/// The systems that this worker knows, with what it knows of each in numbers.
struct SystemSummaries {
  private let index: ShardIndex
  private let live: [ShardReport]

  init(_ index: ShardIndex) {
    self.index = index
    live = index.live
  }

  /// The systems from one id on, in order: so many of them, and one more if more follow.
  func systems(after cursor: Text?, limit: Int) -> [Text] {
    var seen: Set<Text> = []
    var page = PatternSelection<Text>(limit + 1) { $0 < $1 }
    func take(_ system: Text) {
      if let cursor, system <= cursor { return }
      if seen.insert(system).inserted { page.add(system) }
    }
    for shard in live {
      for system in shard.systems { take(system) }
    }
    return page.sorted()
  }

  /// What is not this worker's to know is null.
  func json(of system: Text) -> OrderedJSON {
    .object(
      [.init("system", .text(system))] + policies(of: system) + adaptations(of: system)
        + variety(of: system))
  }

  private func shard(_ system: Text, _ input: InputTopic) -> ShardReport? {
    if case .state(let shard) = index.find(system, input) { shard } else { nil }
  }

  private func policies(of system: Text) -> [OrderedJSON.Member] {
    let store = shard(system, .policy)?.policies
    let count = store.map { Int64($0.systems[system]?.policies.count ?? 0) }
    return [.init("policy_count", StatusJSON.number(count))]
  }

  private func adaptations(of system: Text) -> [OrderedJSON.Member] {
    let metrics = shard(system, .adaptation)?.adaptations?.metrics(system: system)
    return [
      .init("adaptation_count", StatusJSON.number(metrics.map { Int64($0.totalAdaptations) })),
      .init("pattern_count", StatusJSON.number(metrics.map { Int64($0.totalPatterns) })),
      .init(
        "adaptation_success_rate",
        metrics.map { .number($0.overallSuccessRate) } ?? .null),
    ]
  }

  private func variety(of system: Text) -> [OrderedJSON.Member] {
    let store = shard(system, .variety)?.variety
    let totals = store?.systems[system]?.varietyTotals
    let firing = store.map { Int64($0.systems[system]?.firingAlertCount ?? 0) }
    return [
      .init("variety_gap", totals.map { .number($0.gap) } ?? .null),
      .init("requisite_variety_met", totals.map { .bool($0.isRequisiteVarietyMet) } ?? .null),
      .init("coverage_ratio", totals.map { .number($0.coverageRatio) } ?? .null),
      .init("firing_alerts", StatusJSON.number(firing)),
    ]
  }
}

extension ShardReport {
  /// In no order.
  fileprivate var systems: [Text] {
    switch input {
    case .policy: policies.map { Array($0.systems.keys) } ?? []
    case .adaptation: adaptations.map { Array($0.systems.keys) } ?? []
    case .variety: variety.map { Array($0.systems.keys) } ?? []
    }
  }
}
