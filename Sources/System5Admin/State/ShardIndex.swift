import HashTreeCollections
import Kafka
import System5Core
import System5Wire
import System5Worker

/// The shards that this worker has at one moment, by what is asked of them.
struct ShardIndex: Sendable {
  let pipelines: [PipelineReport]

  init(_ board: WorkerBoard) { pipelines = board.pipelines }

  /// Of all pipelines, in order.
  var shards: [ShardReport] {
    pipelines.flatMap(\.shards).sorted { $0.partition < $1.partition }
  }

  /// Those whose state can be read.
  var live: [ShardReport] { shards.filter { $0.state != nil } }

  /// Where a system's events of one kind go.
  func home(of system: Text, _ input: InputTopic) -> TopicPartition? {
    guard let topic = pipelines.lazy.flatMap(\.topics).first(where: { $0.input == input }) else {
      return nil
    }
    let partition = Array(system.string.utf8).withUnsafeBytes {
      Murmur2.partition($0, count: max(1, topic.partitionCount))
    }
    return TopicPartition(topic: topic.topic, partition: partition)
  }

  /// What there is to answer with.
  enum Found {
    case state(ShardReport)
    case unavailable(Problem)
    /// Another member's, or nobody's.
    case elsewhere(TopicPartition)
  }

  /// The shard that knows the system, also one that its key should not have led to; else the one
  /// that would know it.
  func find(_ system: Text, _ input: InputTopic) -> Found {
    guard let home = home(of: system, input) else { return .unavailable(ShardIndex.starting) }
    let own = pipelines.lazy.flatMap(\.shards).filter { $0.input == input }
    let atHome = own.first { $0.partition == home }
    if let atHome, atHome.knows(system) { return .state(atHome) }
    if let stray = own.first(where: { $0.knows(system) }) { return .state(stray) }
    guard let atHome else { return .elsewhere(home) }
    return atHome.state == nil ? .unavailable(atHome.takeover) : .state(atHome)
  }

  private static let starting = Problem(
    .noOwner, "The worker has not joined its group yet."
  ).retrying(after: 2)
}

extension ShardReport {
  var place: Position {
    Position(topicName: partition.topic, partition: partition.partition, offset: position)
  }

  var policies: PolicyStore? { (state as? Partition<PolicyStore>)?.shard.store }
  var adaptations: AdaptationStore? { (state as? Partition<AdaptationStore>)?.shard.store }
  var variety: VarietyMetricsStore? { (state as? Partition<VarietyMetricsStore>)?.shard.store }

  /// Whether the state is there and the system is in it.
  func knows(_ system: Text) -> Bool {
    switch input {
    case .policy: policies?.systems[system] != nil
    case .adaptation: adaptations?.systems[system] != nil
    case .variety: variety?.systems[system] != nil
    }
  }

  /// Why the state is not there yet, and how far it is.
  fileprivate var takeover: Problem {
    let name = "\(partition.topic), partition \(partition.partition)"
    let detail =
      switch status {
      case .takingOver: "The checkpoint of \(name) is being read."
      case .restoring(let target):
        "The log of \(name) is being applied up to \(target); it stands at \(position)."
      case .live: "\(name) has just been taken back."
      }
    return Problem(.takeover, detail).retrying(after: 1)
      .adding([.init("progress", StatusJSON.progress(self) ?? .null)])
  }
}
