import Kafka
import System5Core
import System5Wire

/// Puts input records on their topics as time goes by, some in transactions of senders that commit
/// or abort them.
final class Feed {
  private unowned let world: SimulatedWorld
  private var rest: ArraySlice<(TopicPartition, StoredRecord)>
  private var nextProducer: Int64 = 1_000_000
  private var openTransactions = 0

  init(world: SimulatedWorld, seed: UInt64) {
    self.world = world
    let lines = world.options.lines ?? Feed.generate(world.settings, seed: seed)
    let topics = world.broker.topics
    let partitions = topics.inputPartitions
    rest =
      lines.compactMap { line -> (TopicPartition, StoredRecord)? in
        let partition = TopicPartition(
          topic: line.topic, partition: Feed.partition(of: line, count: topics.partitions))
        guard partitions.contains(partition) else { return nil }
        return (
          partition,
          StoredRecord(
            key: line.key, value: line.value, headers: line.headers,
            timestampMilliseconds: line.timestampMilliseconds)
        )
      }[...]
  }

  var isDone: Bool { rest.isEmpty && openTransactions == 0 }

  func step() {
    if rest.isEmpty || !world.chance(400) { return }
    let batch = rest.prefix(1 + world.below(12))
    rest = rest.dropFirst(batch.count)
    if world.chance(200) {
      addTransaction(batch)
    } else {
      for (partition, record) in batch { world.broker.log(partition).append(record) }
    }
  }

  private func addTransaction(_ batch: ArraySlice<(TopicPartition, StoredRecord)>) {
    let producer = nextProducer
    nextProducer += 1
    openTransactions += 1
    for (partition, record) in batch {
      world.broker.log(partition).append(record, producer: producer)
    }
    let isCommit = world.chance(600)
    let partitions = Set(batch.map(\.0))
    world.later(.milliseconds(world.below(3_000))) { [unowned self] in
      openTransactions -= 1
      for partition in partitions.sorted() {
        world.broker.log(partition).finish(producer: producer, isCommit: isCommit)
      }
    }
  }

  private static func generate(_ settings: WorldSettings, seed: UInt64) -> [RecordLine] {
    var generator = EventGenerator(seed: seed, systems: settings.systems)
    generator.malformedPercent = 4
    let coder = RecordLineCoder()
    return (0..<settings.records).compactMap { _ in
      try? coder.parse(Array(generator.next().utf8))
    }
  }

  private static func partition(of line: RecordLine, count: Int32) -> Int32 {
    if let partition = line.partition { return partition % count }
    guard let key = line.key else { return 0 }
    return key.withUnsafeBytes { Murmur2.partition($0, count: count) }
  }
}

/// Takes the beginning of a log away, as far as an intact checkpoint reaches, and compacts the
/// checkpoints.
enum Housekeeping {
  static func step(_ world: SimulatedWorld) {
    guard world.chance(100) else { return }
    let partitions = world.broker.inputPartitions
    let partition = partitions[world.below(partitions.count)]
    let log = world.broker.checkpointLog(partition)
    if world.settings.hasRetention, world.broker.topics.input(of: partition) == .variety,
      let position = CheckpointInspection.newestPosition(in: log)
    {
      world.trace("the log of \(partition) starts at \(position) now")
      world.broker.log(partition).trim(to: position)
    }
    if world.chance(500) { log.compact() }
  }
}

/// What an onlooker can say of a partition's checkpoints.
enum CheckpointInspection {
  /// Of the newest place that has a manifest.
  static func newestPosition(in log: CheckpointLog) -> Int64? {
    var manifests: [[UInt8]: [UInt8]] = [:]
    for entry in log.entries where entry.key.last == UInt8(ascii: "t") {
      manifests[entry.key] = entry.value
    }
    return manifests.values.compactMap { try? CheckpointManifest.parse($0).position }.max()
  }
}
