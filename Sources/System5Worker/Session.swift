import Kafka
import Logging
import System5Core
import System5Wire

/// One life of a pipeline, from joining the group to leaving it: poll, apply, produce, commit.
///
/// Confined to the pipeline's thread. What to do about errors is decided in `Reaction`, when to
/// commit in `CommitPolicy`, where to start in `StartPlan`; here is only the doing.
final class Session<P: Platform> {
  let setup: PipelineSetup<P>
  let layout: TopicLayout
  let consumer: P.Consumer
  var publisher: Publisher<P>
  var tasks: [TopicPartition: ShardTask] = [:]
  /// Our standing in the group after the last poll.
  var membership: P.Consumer.Membership?
  /// Partitions that are ours and wait for their state.
  var takeovers: [TopicPartition: Takeover] = [:]
  var takeoverCount = 0
  /// Whether the group has said which partitions are ours, be it none: a member is one before that.
  var isAssigned = false
  let checkpoints: any CheckpointStore
  /// What went wrong within a rebalance, to be dealt with after the poll it came in.
  var interruption: Interruption?
  var offsetsAlone: OffsetsAlone {
    didSet { policy.offsetsInterval = offsetsAlone.interval(policy.interval) }
  }
  /// The first that was done since the last commit.
  var firstChange: FirstChange?
  /// Whether partitions that are taken away are given up without a commit.
  var isAbandoning = false
  /// Whether anything was committed since the last failure.
  var hasProgressed = false

  private let decoder: EventDecoder
  private var policy: CommitPolicy
  /// Unchecked as a task's state is: whoever fills it knows no session.
  @exclusivity(unchecked)
  private var results: [ResultRecord] = []
  private var backoff = Backoff()
  private var observedAt: ContinuousClock.Instant
  private var toldMisrouted: Set<String> = []
  private var latest: ShardTask?
  /// Of the topic of `latest`.
  private var latestPartitionCount: Int32 = 1

  struct FirstChange {
    let at: ContinuousClock.Instant
    /// The timestamp of its record; nil where there was none.
    let record: Timestamp?
  }

  init(setup: PipelineSetup<P>, layout: TopicLayout) throws(Interruption) {
    self.setup = setup
    self.layout = layout
    let configuration = setup.configuration
    observedAt = setup.platform.clock.now
    decoder = EventDecoder(rules: configuration.rules)
    offsetsAlone = configuration.delivery == .exactlyOnce ? .transactional : .plain
    policy = CommitPolicy(
      interval: configuration.commitInterval, maxResults: configuration.maxStepResults,
      offsetsInterval: offsetsAlone.interval(configuration.commitInterval))
    publisher = try Publisher(setup: setup, layout: layout)
    checkpoints = setup.platform.makeCheckpointStore(setup.checkpointStoreSettings(layout))
    do {
      consumer = try setup.platform.makeConsumer(
        setup.properties.consumer, setup.watch.events)
    } catch {
      throw .exit(.configuration("Kafka consumer: \(error.reason)."))
    }
  }

  /// Fences a predecessor and joins the group.
  func begin() throws(Interruption) {
    setup.metrics.expect(
      inputs: layout.inputNames, outputs: OutputTopic.allCases.map { layout.name(of: .result($0)) })
    try publisher.prepare(within: setup.producerPatience)
    try setup.attempting(.query) { () throws(KafkaError) in
      try consumer.subscribe(layout.inputNames)
    }
  }

  /// A step, and the way back to the last commit if it fails. Throws what only a new session, or a
  /// person, can mend.
  func turn() throws(Interruption) {
    do {
      try step()
    } catch {
      setup.metrics.enter(.other)
      try recover(from: error)
      waitAfterFailure()
    }
  }

  var committedShards: [ShardSnapshot] {
    tasks.keys.sorted().compactMap { tasks[$0] }
      .filter { !$0.progress.isRestoring }.map(\.committed)
  }

  /// Leaves the group without a commit.
  func abandon() {
    isAbandoning = true
    close()
  }

  /// Commits and leaves the group.
  func finish() {
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
      try consumer.close(owner: self)
    } catch {
      setup.logger.debug("Closing failed", metadata: .of((.error, error.description)))
    }
    dropTasks(Array(tasks.keys))
    checkpoints.close()
    report()
    setup.metrics.stands(WorkerMetrics.Standing())
  }

  /// A failure that comes again at once is not met at once again.
  private func waitAfterFailure() {
    if hasProgressed { backoff.reset() }
    hasProgressed = false
    setup.wait(min(backoff.next(), setup.configuration.maxPollInterval / 4))
  }
}

extension Session {
  private func step() throws(Interruption) {
    let applied = try pollAndApply()
    setup.metrics.enter(.other)
    publisher.serve()
    try serveTakeovers()
    switch policy.decision(for: pending, isCaughtUp: applied == 0) {
    case .wait: break
    case .results, .offsets: try commit()
    }
    serveCheckpoints()
    observe()
  }

  /// Returns how many records there were.
  private func pollAndApply() throws(Interruption) -> Int {
    setup.metrics.enter(.poll)
    let batch = try poll()
    setup.metrics.enter(.apply)
    if let interruption {
      self.interruption = nil
      throw interruption
    }
    do {
      membership = try consumer.membership()
    } catch {
      throw .restart(cause: error.name)
    }
    var count = 0
    try batch.each { (fetched) throws(Interruption) in
      switch fetched.kind {
      case .record:
        count += 1
        try take(fetched)
      case .endOfPartition: try reachedEnd(of: fetched.partition, at: fetched.offset)
      case .failure(let error): try judge(error, of: fetched.partition)
      }
    }
    if count > 0 { setup.watch.brokerAnswered() }
    setup.board?.count(records: count)
    setup.metrics.polled(count)
    return count
  }

  private func poll() throws(Interruption) -> P.Consumer.Batch {
    do {
      return try consumer.poll(
        maxRecords: setup.configuration.maxBatch,
        timeout: policy.pollTimeout(for: pending), owner: self)
    } catch {
      let deeper = interruption
      interruption = nil
      throw deeper ?? .restart(cause: error.name)
    }
  }

  private var pending: CommitPolicy.Pending {
    CommitPolicy.Pending(
      results: publisher.pendingResults, hasMoved: firstChange != nil,
      age: firstChange.map { now - $0.at } ?? .zero, isTakingOver: !takeovers.isEmpty)
  }

  private func take(_ fetched: borrowing Fetched) throws(Interruption) {
    guard let task = task(of: fetched) else { return }
    noteRouting(of: fetched, in: task)
    let position = Position(
      topicName: fetched.partition.topic, partition: fetched.partition.partition,
      offset: fetched.offset)
    let wasRestoring = task.progress.isRestoring
    task.apply(fetched.record, at: position, decoder: decoder, into: &results)
    if wasRestoring, !task.progress.isRestoring { tellRestored(task) }
    noteChange(of: task, by: task.newestRecord)
    try publish()
  }

  private func noteChange(of task: ShardTask, by record: Timestamp?) {
    guard firstChange == nil, task.progress.hasMoved else { return }
    firstChange = FirstChange(at: now, record: record)
  }

  /// A record comes with all its results, and only then may a commit follow.
  private func publish() throws(Interruption) {
    if results.isEmpty { return }
    defer { results.removeAll(keepingCapacity: true) }
    for result in results { try publisher.publish(result) }
    if publisher.pendingResults >= setup.configuration.maxStepResults { try commit() }
  }

  /// Records mostly come in runs of one partition.
  private func task(of fetched: borrowing Fetched) -> ShardTask? {
    if let latest, latest.progress.partition == fetched.partition { return latest }
    latest = tasks[fetched.partition]
    latestPartitionCount = layout.partitionCount(of: fetched.partition.topic)
    return latest
  }

  /// Nothing that can be seen from outside may follow the order of a hashed collection.
  var tasksInOrder: [ShardTask] { tasks.keys.sorted().compactMap { tasks[$0] } }

  func forgetLatest() { latest = nil }

  var now: ContinuousClock.Instant { setup.platform.clock.now }

  private func noteRouting(of fetched: borrowing Fetched, in task: ShardTask) {
    guard let key = fetched.record.key, !key.isEmpty else { return }
    let (topic, partition) = (fetched.partition.topic, fetched.partition.partition)
    guard Murmur2.partition(key, count: latestPartitionCount) != partition else { return }
    task.noteMisrouted()
    guard toldMisrouted.insert(topic).inserted else { return }
    setup.logger.warning(
      "A key is in a partition where murmur2 would not have put it; this is said once per topic.",
      metadata: .of((.topic, topic), (.partition, partition), (.offset, fetched.offset)))
  }

  private func reachedEnd(
    of partition: TopicPartition, at offset: Int64
  ) throws(Interruption) {
    guard let task = tasks[partition] else { return }
    let wasRestoring = task.progress.isRestoring
    try task.reachedEnd(at: offset)
    setup.metrics.caughtUp(partition)
    if wasRestoring { tellRestored(task) }
    noteChange(of: task, by: nil)
  }

  private func judge(
    _ error: KafkaError, of partition: TopicPartition
  ) throws(Interruption) {
    if error.isOffsetGone {
      // Where it is read from is yet to be decided.
      if takeovers[partition] != nil { return }
      throw try offsetGone(error, partition)
    }
    if error.isAuthentication {
      throw .exit(.refused(error))
    }
    if error.isTransport || error.isTimeout { return }
    if error.isPollIntervalExceeded { throw .abort(cause: error.name) }
    throw .restart(cause: error.name)
  }
}

extension Session {
  /// The log's start may move on while a partition is restored, or after it was lost; then a newer
  /// checkpoint may reach it, which a new session finds out. Anything else a person must mend.
  private func offsetGone(
    _ error: KafkaError, _ partition: TopicPartition
  ) throws(Interruption) -> Interruption {
    let start = try logStarts(of: [partition])[partition] ?? 0
    if let task = tasks[partition], task.progress.position < start {
      return .restart(cause: error.name)
    }
    return .exit(
      .configuration(
        "The log of \(partition.topic), partition \(partition.partition), no longer holds the "
          + "next record to read: \(error.reason)."))
  }

  /// Once a second: how far behind each partition is.
  private func observe() {
    guard now - observedAt >= .seconds(1) else { return }
    observedAt = now
    setup.metrics.stands(standing)
    for task in tasksInOrder {
      let partition = task.progress.partition
      let marks = try? consumer.cachedWatermarks(of: partition)
      setup.metrics.observe(task, end: marks?.high)
      if let marks { task.noteLogEnd(marks.high) }
      setup.metrics.records(task.takeRestored(), topic: partition.topic)
      if task.progress.isRestoring { tellRestoring(task.progress) }
    }
    report()
  }

  private var standing: WorkerMetrics.Standing {
    let restoring = tasks.values.count(where: \.progress.isRestoring)
    return WorkerMetrics.Standing(
      isMember: membership?.isMember ?? false, loading: takeovers.count, restoring: restoring,
      live: tasks.count - restoring, queuedMessages: publisher.queuedMessages)
  }

  private func tellRestoring(_ progress: ShardProgress) {
    setup.logger.info(
      "Restoring",
      metadata: .of(
        (.topic, progress.partition.topic), (.partition, progress.partition.partition),
        (.offset, progress.position), (.committed, progress.publishFrom)))
  }

  private func tellRestored(_ task: ShardTask) {
    setup.metrics.isLive(task.progress.partition)
    report()
    setup.logger.info(
      "Restored",
      metadata: .of(
        (.topic, task.progress.partition.topic),
        (.partition, task.progress.partition.partition), (.offset, task.progress.position)))
  }
}
