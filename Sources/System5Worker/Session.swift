import Kafka
import Logging
import System5Core
import System5Wire

/// One life of a pipeline, from joining the group to leaving it: poll, apply, produce, commit.
///
/// Confined to the pipeline's thread. What to do about errors is decided in `Reaction`, when to
/// commit in `CommitPolicy`, where to start in `StartPlan`; here is only the doing.
final class Session {
  let setup: PipelineSetup
  let layout: TopicLayout
  let consumer: Consumer
  var publisher: Publisher
  var tasks: [TopicPartition: ShardTask] = [:]
  /// Our standing in the group after the last poll.
  var group: GroupMetadata?
  /// What went wrong within a rebalance, to be dealt with after the poll it came in.
  var interruption: Interruption?
  /// When the first uncommitted record was applied.
  var firstChange: ContinuousClock.Instant?
  /// Whether partitions that are taken away are given up without a commit.
  var isAbandoning = false
  /// Whether anything was committed since the last failure.
  var hasProgressed = false

  private let decoder: EventDecoder
  private let policy: CommitPolicy
  private var results: [ResultRecord] = []
  private var backoff = Backoff()
  private var observedAt = ContinuousClock.now
  private var toldMisrouted: Set<String> = []
  private var latest: ShardTask?

  init(setup: PipelineSetup, layout: TopicLayout) throws(Interruption) {
    self.setup = setup
    self.layout = layout
    let configuration = setup.configuration
    decoder = EventDecoder(rules: configuration.rules)
    policy = CommitPolicy(
      interval: configuration.commitInterval, maxResults: configuration.maxStepResults)
    publisher = try Publisher(
      properties: setup.properties, layout: layout, events: setup.watch.events)
    do {
      consumer = try Consumer(
        configuration: setup.properties.consumer, events: setup.watch.events)
    } catch {
      throw .exit(.configuration("Kafka consumer: \(error.reason)."))
    }
  }

  /// Works until the stop is asked for, then commits and leaves the group.
  func run() throws(Interruption) {
    try publisher.prepare(within: setup.producerPatience, stop: setup.stop)
    try attempting(.query) { () throws(KafkaError) in try consumer.subscribe(layout.inputNames) }
    while !setup.stop.isRequested {
      do {
        try step()
      } catch {
        try recover(from: error)
        waitAfterFailure()
      }
    }
    finish()
  }

  /// Leaves the group without a commit.
  func abandon() {
    isAbandoning = true
    close()
  }

  private func finish() {
    do {
      try commit()
    } catch {
      // The next owner begins at the last commit.
      setup.logger.warning("The last commit failed", metadata: .of((.cause, error.cause)))
      isAbandoning = true
    }
    close()
  }

  private func close() {
    if isAbandoning { abortQuietly() }
    do {
      try consumer.close(rebalancing: self)
    } catch {
      setup.logger.debug("Closing failed", metadata: .of((.error, error.description)))
    }
    dropTasks(Array(tasks.keys))
  }

  /// A failure that comes again at once is not met at once again.
  private func waitAfterFailure() {
    if hasProgressed { backoff.reset() }
    hasProgressed = false
    setup.stop.wait(min(backoff.next(), setup.configuration.maxPollInterval / 4))
  }
}

extension Session {
  private func step() throws(Interruption) {
    let applied = try pollAndApply()
    publisher.serve()
    switch policy.decision(for: pending, isCaughtUp: applied == 0) {
    case .wait: break
    case .results, .offsets: try commit()
    }
    observe()
  }

  /// Returns how many records there were.
  private func pollAndApply() throws(Interruption) -> Int {
    let batch = try poll()
    if let interruption {
      self.interruption = nil
      throw interruption
    }
    do {
      group = try consumer.groupMetadata()
    } catch {
      throw .restart(cause: error.name)
    }
    var count = 0
    defer { noteTallies() }
    try batch.eachMessage { (message) throws(Interruption) in
      switch message.kind {
      case .record:
        count += 1
        try take(message)
      case .endOfPartition: try reachedEnd(of: message.topicPartition, at: message.offset)
      case .failure(let error): try judge(error, of: message.topicPartition)
      }
    }
    if count > 0 { setup.watch.brokerAnswered() }
    return count
  }

  private func poll() throws(Interruption) -> MessageBatch {
    do {
      return try consumer.poll(
        maxRecords: setup.configuration.maxBatch,
        timeoutMilliseconds: policy.pollTimeout(for: pending).milliseconds, rebalancing: self)
    } catch {
      let deeper = interruption
      interruption = nil
      throw deeper ?? .restart(cause: error.name)
    }
  }

  private var pending: CommitPolicy.Pending {
    CommitPolicy.Pending(
      results: publisher.pendingResults, hasMoved: firstChange != nil,
      age: firstChange.map { .now - $0 } ?? .zero)
  }

  private func take(_ message: borrowing Message) throws(Interruption) {
    guard let task = task(of: message) else { return }
    noteRouting(of: message, in: task)
    var headers: [RawHeader] = []
    message.eachHeader { name, value in headers.append(RawHeader(name, value.map { Array($0) })) }
    let record = RawRecord(
      key: message.key, value: message.value,
      timestampMilliseconds: message.timestampMilliseconds, headers: headers)
    let position = Position(
      topicName: task.progress.partition.topic, partition: message.partition,
      offset: message.offset)
    let wasRestoring = task.progress.isRestoring
    task.apply(record, at: position, decoder: decoder, into: &results)
    if wasRestoring, !task.progress.isRestoring { tellRestored(task) }
    if firstChange == nil, task.progress.hasMoved { firstChange = .now }
    try publish()
  }

  /// A record comes with all its results, and only then may a commit follow.
  private func publish() throws(Interruption) {
    if results.isEmpty { return }
    defer { results.removeAll(keepingCapacity: true) }
    for result in results {
      let topic = try publisher.publish(result)
      if result.topic != .deadLetters { setup.metrics.result(to: topic) }
    }
    if publisher.pendingResults >= setup.configuration.maxStepResults { try commit() }
  }

  /// Records mostly come in runs of one partition.
  private func task(of message: borrowing Message) -> ShardTask? {
    if let latest, latest.progress.partition.partition == message.partition,
      latest.progress.partition.topic == message.topic
    {
      return latest
    }
    latest = tasks[message.topicPartition]
    return latest
  }

  func forgetLatest() { latest = nil }

  private func noteRouting(of message: borrowing Message, in task: ShardTask) {
    guard let key = message.key, !key.isEmpty else { return }
    let topic = task.progress.partition.topic
    guard Murmur2.partition(key, count: layout.partitionCount(of: topic)) != message.partition
    else { return }
    task.noteMisrouted()
    guard toldMisrouted.insert(topic).inserted else { return }
    setup.logger.warning(
      "A key is in a partition where murmur2 would not have put it; this is said once per topic.",
      metadata: .of((.topic, topic), (.partition, message.partition), (.offset, message.offset)))
  }

  private func reachedEnd(
    of partition: TopicPartition, at offset: Int64
  ) throws(Interruption) {
    guard let task = tasks[partition] else { return }
    let wasRestoring = task.progress.isRestoring
    try task.reachedEnd(at: offset)
    setup.metrics.lag(0, of: partition)
    if wasRestoring { tellRestored(task) }
  }

  private func judge(
    _ error: KafkaError, of partition: TopicPartition
  ) throws(Interruption) {
    if error.isOffsetGone {
      throw .exit(
        .configuration(
          "The log of \(partition.topic), partition \(partition.partition), no longer holds the "
            + "next record to read: \(error.reason)."))
    }
    if error.isAuthentication {
      throw .exit(.notAuthorised("The brokers refuse us: \(error.reason)."))
    }
    if error.isTransport || error.isTimeout { return }
    if error.isPollIntervalExceeded { throw .abort(cause: error.name) }
    throw .restart(cause: error.name)
  }
}

extension Session {
  private func noteTallies() {
    for task in tasks.values {
      setup.metrics.records(task.takeTally(), topic: task.progress.partition.topic)
    }
  }

  /// Once a second: how far behind each partition is.
  private func observe() {
    guard ContinuousClock.now - observedAt >= .seconds(1) else { return }
    observedAt = .now
    for (partition, task) in tasks {
      let progress = task.progress
      if progress.isRestoring {
        setup.metrics.restoring(progress.publishFrom - progress.position, of: partition)
        setup.logger.info(
          "Restoring",
          metadata: .of(
            (.topic, partition.topic), (.partition, partition.partition),
            (.offset, progress.position), (.committed, progress.publishFrom)))
      } else {
        setup.metrics.restoring(0, of: partition)
      }
      if let marks = try? consumer.cachedWatermarks(of: partition) {
        setup.metrics.lag(max(0, marks.high - progress.position), of: partition)
      }
    }
  }

  private func tellRestored(_ task: ShardTask) {
    setup.metrics.restoring(0, of: task.progress.partition)
    setup.logger.info(
      "Restored",
      metadata: .of(
        (.topic, task.progress.partition.topic),
        (.partition, task.progress.partition.partition), (.offset, task.progress.position)))
  }
}
