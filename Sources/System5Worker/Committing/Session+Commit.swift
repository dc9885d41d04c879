import Kafka
import Logging

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
    let isTransaction = publisher.isTransactionOpen
    // Without a member's name and generation no broker would fence the commit.
    guard let membership, membership.isMember else { throw .abort(cause: "not-a-member") }
    if isTransaction {
      try publisher.commit(offsets, membership: membership, until: deadline)
    } else {
      if hasResults { try publisher.flush(until: deadline) }
      try setup.attempting(.plainCommit) { () throws(KafkaError) in try consumer.commit(offsets) }
    }
    for task in moved { task.didCommit() }
    firstChange = nil
    hasProgressed = true
    report()
    setup.metrics.committed(in: now - started, transactional: isTransaction)
  }
}
