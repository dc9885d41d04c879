import Kafka
import Logging

/// How offsets are committed that no results go with.
///
/// A plain commit goes with the generation that librdkafka has at that moment. A member that was
/// suspended and put out of its group has none, and if the group is empty by then, brokers take the
/// commit: the group's offset may move back behind what a later owner has committed. A transaction
/// names the generation that the records came in, and is fenced. But some brokers lose the offsets
/// of a transaction without records, be it only of some: so each is looked at, as long as they are
/// transactions.
enum OffsetsAlone {
  case transactional, plain

  /// A transaction takes a while, so it is not made as often.
  func interval(_ interval: Duration) -> Duration {
    self == .plain ? interval : max(interval, .milliseconds(500))
  }
}

extension Session {
  /// Commits what has been applied: with results in a transaction, otherwise offsets alone.
  ///
  /// - Parameter limit: how long the brokers may take; unless given, longer than they let a
  ///   transaction last. After that its outcome counts as unknown.
  func commit(within limit: Duration? = nil) throws(Interruption) {
    let moved = tasksInOrder.filter(\.progress.hasMoved)
    let hasResults = publisher.pendingResults > 0
    guard hasResults || !moved.isEmpty else { return firstChange = nil }
    let started = now
    let deadline = setup.deadline(limit ?? setup.producerPatience)
    let offsets = moved.map { PartitionOffset($0.progress.partition, $0.progress.position) }
    // Without a member's name and generation no broker would fence the commit.
    guard let membership, membership.isMember else { throw .abort(cause: "not-a-member") }
    if !hasResults, offsetsAlone != .plain { try publisher.begin() }
    let activity = setup.metrics.enter(.commit)
    defer { setup.metrics.enter(activity) }
    if publisher.isTransactionOpen {
      try publisher.commit(offsets, membership: membership, until: deadline)
      if !hasResults, limit == nil { try seeWhetherKept(offsets) }
    } else {
      if hasResults { try publisher.flush(until: deadline) }
      try commitPlainly(offsets)
    }
    for task in moved { task.didCommit() }
    tell(moved, hasResults: hasResults, in: now - started)
    firstChange = nil
    hasProgressed = true
    report()
  }

  private func tell(_ moved: [ShardTask], hasResults: Bool, in duration: Duration) {
    for task in moved {
      setup.metrics.records(task.takeTally(), topic: task.progress.partition.topic)
    }
    setup.metrics.committed(
      FinishedCommit(
        hasResults: hasResults, duration: duration, first: firstChange?.record,
        last: moved.compactMap(\.newestRecord).max()))
  }

  private func commitPlainly(_ offsets: [PartitionOffset]) throws(Interruption) {
    try setup.attempting(.plainCommit) { () throws(KafkaError) in try consumer.commit(offsets) }
  }

  /// What others have committed since can only be more.
  private func seeWhetherKept(_ offsets: [PartitionOffset]) throws(Interruption) {
    let kept = try committedOffsets(of: offsets.map(\.topicPartition))
    if offsets.allSatisfy({ kept[$0.topicPartition] ?? -1 >= $0.offset }) { return }
    setup.logger.warning(
      "This broker loses offsets of transactions without records; they are committed plainly.")
    offsetsAlone = .plain
    // It may have only put them off until the next transaction that has records, when the group is
    // beyond them. What a producer leaves ends with its epoch.
    try replacePublisher()
    try commitPlainly(offsets)
  }
}
