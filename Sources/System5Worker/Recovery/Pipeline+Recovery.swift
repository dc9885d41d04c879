import Kafka
import Logging
import System5Core

/// The way back to the last commit, which is the same after an abort, a fence, an unknown outcome
/// and a lost producer.
extension Pipeline {
  private static let timeout = 30_000

  /// A producer that owns the transactional id; whatever its predecessor had in flight is fenced.
  func replaceProducer() throws(Trouble) {
    producer = nil
    do {
      let fresh = try Producer(configuration: properties.producer, events: events)
      if configuration.delivery == .exactlyOnce {
        try fresh.initTransactions(timeoutMilliseconds: Pipeline.timeout)
      }
      producer = fresh
    } catch let error as KafkaError {
      throw Trouble(remedy: .forConsumer(error), cause: "\(error)")
    } catch {
      throw Trouble(remedy: .stop(.configuration("\(error)")), cause: "\(error)")
    }
  }

  /// Undoes what is not committed and goes on from what is.
  func recover(_ consumer: Consumer, from trouble: Trouble) throws(Trouble) {
    telemetry.recovered(
      from: trouble.cause, by: trouble.remedy == .abort ? "abort" : "replace-producer")
    if trouble.remedy != .abort || !abort() { try replaceProducer() }
    forgetStep()
    try rewind(consumer)
  }

  /// Whether the transaction, if there was one, is known to be aborted.
  private func abort() -> Bool {
    guard isInTransaction, let producer else { return producer != nil }
    do {
      try producer.abortTransaction(timeoutMilliseconds: -1)
      return producer.fatalError == nil
    } catch {
      return false
    }
  }

  /// Drops the transaction, if there is one, without minding how that goes.
  func abandonTransaction() {
    _ = abort()
    forgetStep()
  }

  /// Returns every partition we keep to its last committed state and reads on from there.
  private func rewind(_ consumer: Consumer) throws(Trouble) {
    guard !tasks.isEmpty else { return }
    let partitions = tasks.keys.sorted()
    let committed = try consuming { () throws(KafkaError) in
      try consumer.committed(partitions, timeoutMilliseconds: Pipeline.timeout)
    }
    var seeks: [PartitionOffset] = []
    for partition in partitions {
      guard var task = tasks[partition] else { continue }
      guard task.rewind(committed: committed[partition]) else {
        throw stopping(
          "The group's offset of \(partition.label) moved backwards to "
            + "\(committed[partition].map(String.init) ?? "nothing") while records up to "
            + "\(task.snapshotOffset) were committed; start again once nobody resets it.")
      }
      tasks[partition] = task
      seeks.append(PartitionOffset(partition, task.position))
    }
    try consuming { () throws(KafkaError) in
      try consumer.seek(seeks, timeoutMilliseconds: Pipeline.timeout)
    }
  }

  func stopping(_ message: String) -> Trouble {
    Trouble(remedy: .stop(.configuration(message)), cause: message)
  }

  func reachedEnd(of partition: TopicPartition, at offset: Int64) throws(Trouble) {
    guard tasks[partition]?.reachedEnd(at: offset) == false else { return }
    throw stopping(
      "The group has committed offset \(tasks[partition]?.publishFrom ?? 0) of \(partition.label), "
        + "whose log ends at \(offset): the topic was made anew or cut off. Use another group, or "
        + "reset the group's offsets to start over.")
  }

  /// What was restored by this poll rests on committed records, and is as good as committed.
  func markRestored() {
    guard !hasUncommitted else { return }
    for (partition, task) in tasks where task.position <= task.publishFrom {
      guard task.position > task.snapshotOffset else { continue }
      tasks[partition]?.committed()
      if !task.isRestoring {
        telemetry.logger.info(
          "Restored",
          metadata: [
            LogKey.partitions: "\(partition.label)", LogKey.offset: "\(task.position)",
          ])
      }
    }
  }
}
