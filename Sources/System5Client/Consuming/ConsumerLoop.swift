internal import Kafka
internal import Logging

/// Polls, and passes on what comes; commits what is handled. Confined to one thread.
final class ConsumerLoop {
  /// How long a poll may keep the thread from a stop or a commit that is due.
  private static let pollMilliseconds = 100

  private let consumer: Consumer
  private let options: ResultOptions
  private let topics: [String]
  private let inbox: Inbox
  private let watch: ClientWatch
  private let logger: Logger
  private let reader = ResultReader()
  private var windows: [TopicPartition: RepeatWindow] = [:]
  private var nextCommit: ContinuousClock.Instant
  /// Whether all partitions are paused, since enough results wait.
  private var isPaused = false

  init(
    _ consumer: Consumer, _ options: ResultOptions, topics: [String], inbox: Inbox,
    watch: ClientWatch, logger: Logger
  ) {
    self.consumer = consumer
    self.options = options
    self.topics = topics
    self.inbox = inbox
    self.watch = watch
    self.logger = logger
    nextCommit = .now + options.commitInterval
  }

  func run(until stop: StopHandle) {
    var failure: KafkaFailure?
    do throws(KafkaFailure) {
      try start()
      while !stop.isRequested {
        try turn()
        commitIfDue()
      }
    } catch {
      failure = error
    }
    close()
    inbox.end(failure)
  }

  private func start() throws(KafkaFailure) {
    do throws(KafkaError) {
      try consumer.subscribe(topics)
    } catch {
      throw KafkaFailure(error)
    }
  }

  /// What is handled is committed as the partitions are let go.
  private func close() {
    do throws(KafkaError) {
      try consumer.close(rebalancing: self)
    } catch {
      logger.warning("Leaving the group failed.", metadata: ["error": "\(error)"])
    }
  }

  private func turn() throws(KafkaFailure) {
    let room = options.buffer - inbox.count
    do throws(KafkaError) {
      try holdBack(room: room)
      let batch = try consumer.poll(
        maxRecords: max(1, room), timeoutMilliseconds: Self.pollMilliseconds, rebalancing: self)
      try take(batch)
    } catch {
      try judge(error)
    }
    if let refused = watch.refused { throw refused }
  }

  /// Stops fetching when enough results wait, and goes on when half of them are handled. Polling
  /// goes on meanwhile, for the group's sake.
  private func holdBack(room: Int) throws(KafkaError) {
    if room <= 0, !isPaused {
      try consumer.pause(try consumer.assignment())
      isPaused = true
    } else if isPaused, room >= (options.buffer + 1) / 2 {
      try consumer.resume(try consumer.assignment())
      isPaused = false
    }
  }

  private func take(_ batch: borrowing MessageBatch) throws(KafkaError) {
    var entries: [Inbox.Entry] = []
    try batch.eachMessage { (message) throws(KafkaError) in
      switch message.kind {
      case .record: entries.append(entry(message))
      case .endOfPartition: break
      case .failure(let error): throw error
      }
    }
    guard !entries.isEmpty else { return }
    watch.brokerAnswered()
    inbox.add(entries)
  }

  private func entry(_ message: borrowing Message) -> Inbox.Entry {
    let (partition, offset) = (message.topicPartition, message.offset)
    return Inbox.Entry(
      partition: partition, offset: offset,
      result: message.value.flatMap { result(Array($0), partition, offset) })
  }

  /// Nil for a repetition.
  private func result(
    _ value: [UInt8], _ partition: TopicPartition, _ offset: Int64
  ) -> ResultEvent? {
    let result = reader.read(
      value,
      at: RecordPlace(
        topic: partition.topic, partition: Int(partition.partition), offset: offset))
    if result.id.isEmpty { return result }
    let isNew = windows[partition, default: RepeatWindow(size: options.repeatWindow)]
      .insert(result.id)
    if !isNew { logger.debug("A result has come again.", metadata: ["id": "\(result.id)"]) }
    return isNew ? result : nil
  }

  /// Most errors mend themselves; those that do not end the sequence.
  private func judge(_ error: KafkaError) throws(KafkaFailure) {
    if error.isAuthentication || error.isUnknownTopic || error.isFatal
      || consumer.fatalError != nil
    {
      throw KafkaFailure(error)
    }
    logger.debug("Kafka consumer", metadata: ["error": "\(error)"])
  }
}

/// Committing.
extension ConsumerLoop {
  private func commitIfDue() {
    let now = ContinuousClock.now
    if now < nextCommit { return }
    nextCommit = now + options.commitInterval
    let offsets = inbox.handled
    if commit(offsets, by: consumer) { inbox.committed(offsets) }
  }

  /// What could not be committed is committed next time, or comes again.
  private func commit(_ offsets: [PartitionOffset], by consumer: Consumer) -> Bool {
    if offsets.isEmpty { return false }
    do throws(KafkaError) {
      try consumer.commit(offsets)
      return true
    } catch {
      logger.warning("Offsets were not committed.", metadata: ["error": "\(error)"])
      return false
    }
  }
}

extension ConsumerLoop: RebalanceHandler {
  func assigned(
    _ partitions: [TopicPartition], by consumer: Consumer
  ) throws(KafkaError) -> [PartitionOffset] {
    logger.debug("Partitions assigned", metadata: ["partitions": "\(partitions)"])
    inbox.assigned(partitions)
    // New partitions are not paused.
    isPaused = false
    return []
  }

  func revoked(_ partitions: [TopicPartition], by consumer: Consumer) throws(KafkaError) {
    logger.debug("Partitions revoked", metadata: ["partitions": "\(partitions)"])
    _ = commit(forget(partitions), by: consumer)
  }

  func lost(_ partitions: [TopicPartition], by consumer: Consumer) throws(KafkaError) {
    logger.warning("Partitions lost", metadata: ["partitions": "\(partitions)"])
    _ = forget(partitions)
  }

  private func forget(_ partitions: [TopicPartition]) -> [PartitionOffset] {
    for partition in partitions { windows[partition] = nil }
    return inbox.removed(partitions)
  }
}
