import Kafka
import System5Core
import System5Wire
import System5Worker

/// The checkpoint topics as they are now, one partition at a time. Confined to one thread.
final class CheckpointLog {
  /// How long a broker may say nothing at all about a partition that has more.
  private static let patience: Duration = .seconds(60)

  let settings: CheckpointStoreSettings
  private let reader: CheckpointTopicReader
  private let troubles: ClientTroubles
  private let admin: Admin
  private var progress = ProgressLine("KiB of checkpoints")
  private var bytes = 0

  init(_ settings: Settings) throws {
    let troubles = ClientTroubles()
    self.troubles = troubles
    admin = try Admin(configuration: settings.clientConfiguration(), events: troubles.events)
    self.settings = CheckpointStoreSettings(
      try settings.workerConfiguration(), as: "tool", events: troubles.events)
    reader = try CheckpointTopicReader(self.settings)
  }

  func close() throws { try reader.close() }

  /// What the cluster calls itself, as far as it does.
  var clusterID: String? { admin.clusterID(timeoutMilliseconds: 1_000) }

  /// Where the checkpoints of an input partition lie.
  func partition(of input: InputPartition) -> TopicPartition {
    TopicPartition(topic: settings.topic(input.input), partition: input.partition.partition)
  }

  /// What lies there, by group.
  ///
  /// - Parameter group: nil: of all groups.
  func shelves(of input: InputPartition, group: String?) throws -> [String: CheckpointShelf] {
    var shelves: [String: CheckpointShelf] = [:]
    var latest = ContinuousClock.now
    let place = partition(of: input)
    try reader.read([place]) { heard in
      if heard > 0 { latest = .now }
      try self.judgeSilence(since: latest, of: place)
      return true
    } record: { message in
      self.noteProgress(message.value?.count ?? 0)
      guard let key = message.key, let owner = CheckpointKey.read(key)?.group,
        group == nil || owner == group
      else { return }
      shelves[owner, default: CheckpointShelf(group: owner)]
        .add(key: key, value: message.value, timestamp: message.timestampMilliseconds)
    } ended: { _ in
    }
    progress.clear()
    return shelves
  }

  /// What lies there of one group.
  func shelf(of input: InputPartition, group: String) throws -> CheckpointShelf {
    try shelves(of: input, group: group)[group] ?? CheckpointShelf(group: group)
  }

  /// Writes a checkpoint where the workers of a group look for it.
  func write(_ records: inout CheckpointRecords, to input: InputPartition) throws -> Bool {
    let writer = try CheckpointTopicWriter(settings)
    let place = partition(of: input)
    return try troubles.explaining("writing to \(place)") { () throws(KafkaError) in
      try writer.write(&records, to: place) != nil
    }
  }

  private func judgeSilence(
    since latest: ContinuousClock.Instant, of place: TopicPartition
  ) throws(CommandFailure) {
    if let refused = troubles.refused { throw CommandFailure(refused) }
    guard ContinuousClock.now - latest > Self.patience else { return }
    throw CommandFailure(
      .unavailable, "the brokers have said nothing about \(place) for \(Self.patience)")
  }

  private func noteProgress(_ count: Int) {
    bytes += count
    // Whole MiB, which is when the line is worth a look at the clock.
    progress.update((bytes >> 20) << 10)
  }
}
