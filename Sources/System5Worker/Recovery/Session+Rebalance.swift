import Kafka
import Logging

/// Partitions come and go. All of this runs within a poll, while the group waits.
extension Session: PartitionOwner {
  func assigned(_ partitions: [TopicPartition]) throws(KafkaError) -> [PartitionOffset] {
    setup.metrics.rebalanced(.assigned)
    // Questions about offsets may take a while; no transaction is open meanwhile.
    settleOrAbort()
    do {
      return try start(partitions)
    } catch {
      interruption = worse(interruption, error)
      throw .application(error.cause)
    }
  }

  func revoked(_ partitions: [TopicPartition]) throws(KafkaError) {
    setup.metrics.rebalanced(.revoked)
    tell("Partitions revoked", partitions)
    defer { dropTasks(partitions) }
    if isAbandoning { return }
    settleOrAbort()
  }

  func lost(_ partitions: [TopicPartition]) throws(KafkaError) {
    setup.metrics.rebalanced(.lost)
    tell("Partitions lost", partitions)
    isAssigned = false
    defer { dropTasks(partitions) }
    if isAbandoning { return }
    interruption = worse(interruption, .abort(cause: "partitions-lost"))
    abortNow()
  }

  func dropTasks(_ partitions: [TopicPartition]) {
    forgetLatest()
    for partition in partitions {
      tasks.removeValue(forKey: partition)
      takeovers.removeValue(forKey: partition)
      setup.metrics.dropped(partition)
    }
    if tasks.isEmpty, publisher.pendingResults == 0 { firstChange = nil }
    report()
  }

  /// Commits what is done, or else gives it up: what is kept is taken back after the poll, and
  /// what is revoked is done anew by its next owner.
  private func settleOrAbort() {
    guard interruption == nil else { return }
    do {
      try settle()
    } catch {
      interruption = worse(interruption, error)
      if case .abort = error { abortNow() }
    }
  }

  private func abortNow() {
    do {
      try publisher.abort(until: setup.deadline(budget))
    } catch {
      interruption = worse(interruption, error)
    }
  }

  /// What a rebalance may cost.
  private var budget: Duration { setup.configuration.maxPollInterval / 5 }

  private func settle() throws(Interruption) {
    guard firstChange != nil || publisher.pendingResults > 0 else { return }
    do {
      // The generation may have moved on since the last poll, and these partitions are ours in it.
      membership = try consumer.membership()
    } catch {
      throw .abort(cause: error.name)
    }
    try commit(within: budget)
  }

  /// Each waits for its state, which is looked for once this is over; until then what is read of it
  /// is passed over.
  private func start(
    _ partitions: [TopicPartition]
  ) throws(Interruption) -> [PartitionOffset] {
    let committed = try committedOffsets(of: partitions)
    setup.watch.brokerAnswered()
    for partition in partitions { awaitState(of: partition, committed[partition]) }
    isAssigned = true
    report()
    return partitions.map { PartitionOffset($0, committed[$0] ?? LogicalOffset.beginning) }
  }

  /// The partition is worked on from now.
  func begin(
    _ load: CheckpointLoad, _ plan: StartPlan, assignedAt: ContinuousClock.Instant
  ) -> ShardTask {
    let request = load.request
    var shelf = load.shelf
    shelf.passesOver = setup.configuration.fromBeginning && load.hasRefusal
    let task = ShardTask(
      request.partition, plan: plan,
      empty: setup.makeState(request.input, setup.configuration.rules), shelf: shelf, at: now)
    tell(plan, task)
    setup.metrics.begins(task, plan: plan, assignedAt: assignedAt)
    if !task.progress.isRestoring { setup.metrics.isLive(request.partition) }
    tasks[request.partition] = task
    return task
  }

  /// The graver of two; of equals the first.
  private func worse(_ first: Interruption?, _ second: Interruption) -> Interruption {
    guard let first else { return second }
    return second.gravity > first.gravity ? second : first
  }

  private func tell(_ plan: StartPlan, _ task: ShardTask) {
    let progress = task.progress
    var metadata: Logger.Metadata = .of(
      (.topic, progress.partition.topic), (.partition, progress.partition.partition),
      (.offset, progress.position))
    if let committed = progress.committed {
      metadata.merge(.of((.committed, committed))) { _, new in new }
    }
    switch plan {
    case .startOver:
      setup.logger.warning("Starting over with an empty store", metadata: metadata)
    case .shelved(let shelved, _):
      metadata.merge(.of((.bytes, shelved.bytes))) { _, new in new }
      setup.logger.info("Partition assigned, from a checkpoint", metadata: metadata)
    case .fresh, .restore, .impossible:
      setup.logger.info("Partition assigned", metadata: metadata)
    }
  }

  private func tell(_ message: Logger.Message, _ partitions: [TopicPartition]) {
    let names = partitions.sorted().map(\.description).joined(separator: ", ")
    setup.logger.info(message, metadata: .of((.partitions, names)))
  }
}

extension Interruption {
  fileprivate var gravity: Int {
    switch self {
    case .abort: 0
    case .replaceProducer: 1
    case .restart: 2
    case .exit: 3
    }
  }
}
