import Kafka
import System5Wire

/// Reads committed records of some partitions without a group: a slice to its end, or all that
/// comes. Confined to one thread.
final class LogReader {
  /// What whoever is handed a record wants next.
  enum Reading { case goOn, stop }

  private let consumer: Consumer
  private let admin: Admin
  private let troubles = ClientTroubles()
  /// The partitions whose end was not seen yet.
  private var behind: Set<TopicPartition> = []

  /// How long a broker may say nothing at all about a partition that has more.
  private static let patience: Duration = .seconds(60)
  private static let batchSize = 5_000

  /// - Parameter follows: whether to go on behind what is deleted while it is read; for a slice
  ///   that is an error, as its records would be missing in silence.
  init(_ settings: Settings, follows: Bool = false) throws {
    admin = try Admin(configuration: settings.clientConfiguration(), events: troubles.events)
    var configuration = try settings.readerConfiguration()
    // librdkafka keeps assignments in a group object, which never joins.
    configuration["group.id"] = "system5-reader"
    configuration["auto.offset.reset"] = follows ? "earliest" : "error"
    // For so long a broker holds back the answer that there is no more, once in each slice.
    let wait = "fetch.wait.max.ms"
    configuration[wait] = configuration[wait] ?? (follows ? "500" : "20")
    consumer = try Consumer(configuration: configuration, events: troubles.events)
  }

  func close() throws { try consumer.close() }

  /// All partitions of these topics, in their order.
  func partitions(of topics: [String]) throws -> [TopicPartition] {
    let counts = try admin.partitionCounts(of: topics, troubles: troubles)
    return topics.flatMap { topic in
      (0..<(counts[topic] ?? 0)).map { TopicPartition(topic: topic, partition: $0) }
    }
  }

  /// The topics' values of one property, as far as the brokers tell.
  func property(_ name: String, of topics: [String]) throws -> [String: String] {
    let described = try troubles.explaining("asking for topics' settings") {
      () throws(KafkaError) in
      try admin.describeTopicConfigs(topics, timeoutMilliseconds: Admin.patienceMilliseconds)
    }
    return Dictionary(
      described.compactMap { topic in topic.values[name].map { (topic.name, $0) } },
      uniquingKeysWith: { first, _ in first })
  }
}

/// All that comes.
extension LogReader {
  /// - Parameter start: an offset, or one of `LogicalOffset`.
  func follow(_ partitions: [TopicPartition], from start: Int64) throws {
    behind = Set(partitions)
    try consumer.assign(partitions.map { PartitionOffset($0, start) })
  }

  /// Whether every partition has been read to its end at least once.
  var hasCaughtUp: Bool { behind.isEmpty }

  /// Hands over what has come within a moment; answers how many records that were.
  func poll(_ body: (RecordLine) throws -> Void) throws -> Int {
    var count = 0
    _ = try take { message in
      try body(RecordLine(message))
      count += 1
    } ended: { partition, _ in
      behind.remove(partition)
    }
    return count
  }
}

/// Slices.
extension LogReader {
  /// Hands over the records of a slice in order, until its end or until told to stop.
  func read(_ slice: LogSlice, _ body: (RecordLine) throws -> Reading) throws {
    guard slice.count > 0 else { return }
    try consumer.assign([PartitionOffset(slice.partition, slice.start)])
    var isDone = false
    try waiting(for: slice.partition) {
      try take { message in
        guard !isDone, message.topicPartition == slice.partition else { return }
        if message.offset < slice.end { isDone = try body(RecordLine(message)) == .stop }
        if message.offset >= slice.end - 1 { isDone = true }
      } ended: { partition, _ in
        if partition == slice.partition { isDone = true }
      }
    } until: {
      isDone
    }
    try consumer.assign([])
  }

  /// The offset of the first record that each partition still has.
  func starts(of partitions: [TopicPartition]) throws -> [TopicPartition: Int64] {
    var starts: [TopicPartition: Int64] = [:]
    for partition in partitions {
      let marks = try troubles.explaining("asking where \(partition) begins") {
        () throws(KafkaError) in
        try consumer.watermarks(
          of: partition, timeoutMilliseconds: Admin.patienceMilliseconds)
      }
      starts[partition] = marks.low
    }
    return starts
  }

  /// The offset behind each partition's last record at present.
  ///
  /// Told by the event of the partition's end: what a broker answers when asked for the latest
  /// offset need not be the end, but reading from there leads to it.
  func ends(of partitions: [TopicPartition]) throws -> [TopicPartition: Int64] {
    var ends: [TopicPartition: Int64] = [:]
    guard let first = partitions.first else { return ends }
    try consumer.assign(partitions.map { PartitionOffset($0, LogicalOffset.end) })
    try waiting(for: first) {
      try take { _ in
      } ended: { partition, offset in
        if ends[partition] == nil { ends[partition] = offset }
      }
    } until: {
      ends.count >= partitions.count
    }
    try consumer.assign([])
    return ends
  }

  /// Polls until done; a silence that is too long ends it.
  private func waiting(
    for partition: TopicPartition, _ poll: () throws -> Int, until isDone: () -> Bool
  ) throws {
    var latest = ContinuousClock.now
    while !isDone() {
      if try poll() > 0 { latest = .now }
      if ContinuousClock.now - latest > Self.patience {
        throw CommandFailure(
          .unavailable, "the brokers have said nothing about \(partition) for \(Self.patience)")
      }
    }
  }

  /// Takes what comes within a moment; answers how many messages that were, signals included.
  private func take(
    _ record: (borrowing Message) throws -> Void, ended: (TopicPartition, Int64) throws -> Void
  ) throws -> Int {
    let batch = try consumer.poll(maxRecords: Self.batchSize, timeoutMilliseconds: 100)
    if let refused = troubles.refused { throw CommandFailure(refused) }
    try batch.eachMessage { message in
      switch message.kind {
      case .record: try record(message)
      case .endOfPartition: try ended(message.topicPartition, message.offset)
      case .failure(let error) where error.isTransport || error.isTimeout: break
      case .failure(let error): throw error
      }
    }
    return batch.count
  }
}

extension Settings {
  /// What every consumer that is in no group starts from.
  func readerConfiguration() throws(CommandFailure) -> ClientConfiguration {
    var configuration = try clientConfiguration()
    configuration["enable.auto.commit"] = "false"
    configuration["enable.auto.offset.store"] = "false"
    configuration["isolation.level"] = "read_committed"
    configuration["enable.partition.eof"] = "true"
    let backoff = "fetch.queue.backoff.ms"
    if configuration[backoff] == nil, Librdkafka.knows(property: backoff) {
      configuration[backoff] = "10"
    }
    return configuration
  }
}
