import Kafka
import System5Core

/// Our own model of a Kafka cluster: logs, transactions and one group. Everything in it happens at
/// once and in order; what is slow, lost or late is so on the way to it.
final class ModelBroker {
  unowned let world: SimulatedWorld
  let inputPartitions: [TopicPartition]
  let topics: SimulatedTopics
  private var logs: [TopicPartition: ModelLog] = [:]
  private var checkpoints: [TopicPartition: CheckpointLog] = [:]
  private(set) lazy var transactions = TransactionCoordinator(broker: self)
  private(set) lazy var group = GroupCoordinator(broker: self, settings: world.settings)
  /// Until when coordinators are somewhere else.
  var coordinatorsAwayUntil: Duration = .zero

  init(world: SimulatedWorld, topics: SimulatedTopics) {
    self.world = world
    self.topics = topics
    inputPartitions = topics.inputPartitions
  }

  func log(_ partition: TopicPartition) -> ModelLog {
    if let log = logs[partition] { return log }
    let log = ModelLog()
    logs[partition] = log
    return log
  }

  func checkpointLog(_ partition: TopicPartition) -> CheckpointLog {
    if let log = checkpoints[partition] { return log }
    let log = CheckpointLog()
    checkpoints[partition] = log
    return log
  }

  var partitionsWithRecords: [TopicPartition] { logs.keys.sorted() }

  func tick() {
    transactions.tick()
    group.tick()
  }

  /// Tells every partition of a transaction, and the group, how it has ended; each when it comes to
  /// it.
  func writeMarkers(
    of transaction: TransactionCoordinator.Transaction, isCommit: Bool,
    then done: @escaping () -> Void
  ) {
    let producer = transaction.identity.producer
    var marks: [() -> Void] = transaction.partitions.map { partition in
      { [unowned self] in log(partition).finish(producer: producer, isCommit: isCommit) }
    }
    if transaction.hasOffsets {
      marks.append { [unowned self] in group.finish(producer: producer, isCommit: isCommit) }
    }
    guard world.chance(300) else {
      for mark in marks { mark() }
      return done()
    }
    var left = marks.count
    if left == 0 { return done() }
    for mark in marks {
      world.later(.milliseconds(world.below(40))) {
        mark()
        left -= 1
        if left == 0 { done() }
      }
    }
  }
}

/// The log of a partition of a checkpoint topic, which is compacted.
final class CheckpointLog {
  struct Entry {
    let offset: Int64
    let key: [UInt8]
    var value: [UInt8]?
  }

  private(set) var entries: [Entry] = []
  private(set) var end: Int64 = 0

  func append(key: [UInt8], value: [UInt8]?) {
    entries.append(Entry(offset: end, key: key, value: value))
    end += 1
  }

  /// The next entries at or after an offset.
  func read(from offset: Int64, limit: Int) -> ArraySlice<Entry> {
    let first = entries.firstIndex { $0.offset >= offset } ?? entries.endIndex
    return entries[first..<min(entries.endIndex, first + limit)]
  }

  /// Keeps the last record of each key; tombstones stay, as they do for a day.
  func compact() {
    var last: [[UInt8]: Int64] = [:]
    for entry in entries { last[entry.key] = entry.offset }
    entries.removeAll { last[$0.key] != $0.offset }
  }

  /// Spoils stored bytes.
  func replace(at index: Int, with value: [UInt8]?) { entries[index].value = value }
}

/// The topics of a simulated deployment.
struct SimulatedTopics {
  let prefix: String
  let partitions: Int32

  var inputPartitions: [TopicPartition] {
    InputTopic.allCases.flatMap { input in
      (0..<partitions).map { TopicPartition(topic: prefix + input.suffix, partition: $0) }
    }.sorted()
  }

  func input(of partition: TopicPartition) -> InputTopic? {
    InputTopic.allCases.first { prefix + $0.suffix == partition.topic }
  }
}
