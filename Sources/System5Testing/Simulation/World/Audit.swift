import Kafka
import System5Core
import System5Wire
import System5Worker

/// Compares what a reader of the result topics sees with what a plain fold of the input logs gives.
struct Audit {
  private let world: SimulatedWorld
  private var broker: ModelBroker { world.broker }

  init(_ world: SimulatedWorld) { self.world = world }

  func failures() -> [String] {
    var failures: [String] = []
    var expected: [ResultPlace: [StoredRecord]] = [:]
    var reference = ReferenceModel(rules: broker.world.settings.configuration.rules)
    var comparison = ReferenceComparison(partitions: broker.topics.partitions)
    for partition in broker.inputPartitions {
      let fold = Fold(of: partition, in: broker)
      // The model has tests of its own; a part of the runs is enough here.
      if world.options.seed % 4 == 0 {
        failures += comparison.differences(
          expected: fold.lines.flatMap { reference.take($0) }, published: fold.records
        ).map { "The reference model sees it otherwise: \($0)" }
      }
      for (place, record) in fold.results { expected[place, default: []].append(record) }
      failures += compareOwner(of: partition, with: fold)
    }
    return failures + compareResults(expected)
  }

  // MARK: States

  private func compareOwner(of partition: TopicPartition, with fold: Fold) -> [String] {
    let end = broker.log(partition).end
    let owners = Drain.owners(of: partition, in: world)
    guard let owner = owners.first, owners.count == 1 else {
      return ["\(partition) has \(owners.count) owners."]
    }
    var failures: [String] = []
    if owner.position != end {
      failures.append("The owner of \(partition) stands at \(owner.position), not at \(end).")
    }
    if Checkpointed.bytes(of: owner.state) != Checkpointed.bytes(of: fold.state) {
      failures.append("The state of the owner of \(partition) is not the one of its log.")
    }
    return failures
  }

  // MARK: Results

  private func compareResults(_ expected: [ResultPlace: [StoredRecord]]) -> [String] {
    var origins: [Identity: TopicPartition] = [:]
    for (place, records) in expected {
      for record in records {
        origins[Identity(partition: place.output, record: record)] = place.origin
      }
    }
    var failures: [String] = []
    var published: [ResultPlace: [StoredRecord]] = [:]
    for output in broker.partitionsWithRecords where !broker.inputPartitions.contains(output) {
      for record in visible(output) {
        guard let origin = origins[Identity(partition: output, record: record)] else {
          failures.append("\(output) holds what follows from no log: \(text(record))")
          continue
        }
        published[ResultPlace(output: output, origin: origin), default: []].append(record)
      }
    }
    for (place, records) in expected.sorted(by: { $0.key < $1.key }) {
      failures += compare(published[place] ?? [], with: records, at: place)
    }
    return failures
  }

  private func compare(
    _ published: [StoredRecord], with expected: [StoredRecord], at place: ResultPlace
  ) -> [String] {
    if published == expected { return [] }
    let counts = "\(published.count) instead of \(expected.count)"
    let index =
      zip(published, expected).enumerated()
      .first { $0.element.0 != $0.element.1 }?.offset ?? min(published.count, expected.count)
    let found = index < published.count ? text(published[index]) : "nothing"
    let wanted = index < expected.count ? text(expected[index]) : "nothing"
    return [
      "\(place.output), out of \(place.origin), has \(counts) results; the one at \(index) is "
        + "\(found) instead of \(wanted)"
    ]
  }

  private func visible(_ partition: TopicPartition) -> [StoredRecord] {
    let log = broker.log(partition)
    return log.entries.prefix(Int(log.lastStable)).filter(\.isVisible).map(\.record)
  }

  private func text(_ record: StoredRecord) -> String {
    String(decoding: (record.value ?? record.key ?? []).prefix(160), as: UTF8.self)
  }
}

/// Where results are, and of which log.
struct ResultPlace: Hashable, Comparable {
  let output: TopicPartition
  let origin: TopicPartition

  static func < (left: ResultPlace, right: ResultPlace) -> Bool {
    left.output == right.output ? left.origin < right.origin : left.output < right.output
  }
}

private struct Identity: Hashable {
  let partition: TopicPartition
  let record: StoredRecord
}

/// A log applied from its first record to its last, whatever retention has taken away since.
///
/// This is the production code without a worker around it, which the reference model is asked about.
struct Fold {
  private(set) var state: any PartitionState
  private(set) var results: [(ResultPlace, StoredRecord)] = []
  /// The input, and the results as they are.
  private(set) var lines: [RecordLine] = []
  private(set) var records: [ResultRecord] = []

  init(of partition: TopicPartition, in broker: ModelBroker) {
    let input = broker.topics.input(of: partition) ?? .policy
    let rules = broker.world.settings.configuration.rules
    let decoder = EventDecoder(rules: rules)
    state = input.emptyPartition(rules: rules)
    for entry in broker.log(partition).entries where entry.isVisible {
      let position = Position(
        topicName: partition.topic, partition: partition.partition, offset: entry.offset)
      var own: [ResultRecord] = []
      _ = entry.record.withRaw { raw in
        state.process(raw, at: position, decoder: decoder, into: &own)
      }
      lines.append(
        RecordLine(
          topic: partition.topic, partition: partition.partition, offset: entry.offset,
          timestampMilliseconds: entry.record.timestampMilliseconds, key: entry.record.key,
          headers: entry.record.headers, value: entry.record.value))
      for result in own { add(result, origin: partition, broker.topics) }
    }
  }

  private mutating func add(
    _ result: ResultRecord, origin: TopicPartition, _ topics: SimulatedTopics
  ) {
    records.append(result)
    let output = TopicPartition(
      topic: topics.prefix + result.topic.suffix, partition: result.partition % topics.partitions)
    results.append(
      (
        ResultPlace(output: output, origin: origin),
        StoredRecord(
          key: result.key, value: result.value, headers: result.headers,
          timestampMilliseconds: result.timestampMilliseconds)
      ))
  }
}

/// A state as bytes: equal states, equal bytes.
enum Checkpointed {
  static func bytes(of state: any PartitionState) -> [UInt8]? {
    guard var encoder = try? CheckpointEncoder(state, position: 0) else { return nil }
    var bytes: [UInt8] = []
    while let chunk = encoder.nextChunk() { bytes += chunk }
    return bytes
  }
}
