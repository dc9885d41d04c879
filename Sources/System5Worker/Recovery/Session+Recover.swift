import Kafka
import Logging

/// Taking back what was not committed.
extension Session {
  /// Deals with what can be dealt with while staying in the group; throws the rest.
  func recover(from interruption: Interruption) throws(Interruption) {
    switch interruption {
    case .restart, .exit: throw interruption
    case .abort:
      tell(interruption)
      do {
        try publisher.abort(until: setup.deadline(setup.producerPatience))
      } catch {
        if case .exit = error { throw error }
        tell(error)
        try replacePublisher()
      }
    case .replaceProducer:
      tell(interruption)
      try replacePublisher()
    }
    try rewind()
  }

  /// For when the session ends anyway.
  func abortQuietly() {
    do {
      try publisher.abort(until: setup.deadline(Deadline.whenStopping))
    } catch {
      // The next producer with this id fences it, or its time runs out.
      setup.logger.debug("The abort failed", metadata: .of((.cause, error.cause)))
    }
  }

  private func tell(_ interruption: Interruption) {
    setup.metrics.aborted(cause: interruption.cause)
    setup.logger.warning(
      "Going back to the last commit", metadata: .of((.cause, interruption.cause)))
  }

  /// A second producer with the same id may only begin once the first is gone from our hands; the
  /// broker then fences whatever of the first is still on its way.
  func replacePublisher() throws(Interruption) {
    publisher = try Publisher(setup: setup, layout: layout)
    do {
      try publisher.prepare(within: setup.producerPatience)
    } catch {
      if case .exit = error { throw error }
      throw .restart(cause: error.cause)
    }
  }

  /// Every partition we keep goes back to its last commit, as the group knows it now.
  private func rewind() throws(Interruption) {
    firstChange = nil
    let partitions = tasks.keys.sorted()
    if partitions.isEmpty { return }
    let committed = try committedOffsets(of: partitions)
    var targets: [PartitionOffset] = []
    for task in tasksInOrder {
      try task.rewind(committed: committed[task.progress.partition])
      targets.append(PartitionOffset(task.progress.partition, task.progress.position))
    }
    report()
    do {
      try consumer.seek(targets, timeout: .seconds(10))
    } catch {
      throw .restart(cause: error.name)
    }
  }
}

/// Questions to the brokers that may need more than one try.
extension Session {
  /// How long an assignment or a rewind may take to learn where it stands: long enough for a
  /// predecessor's transaction to run out.
  private var patience: Duration {
    min(setup.producerPatience, setup.configuration.maxPollInterval / 3)
  }

  func committedOffsets(
    of partitions: [TopicPartition]
  ) throws(Interruption) -> [TopicPartition: Int64] {
    try asking { (timeout) throws(KafkaError) in
      try consumer.committed(partitions, timeout: timeout)
    }
  }

  func logStarts(
    of partitions: [TopicPartition]
  ) throws(Interruption) -> [TopicPartition: Int64] {
    try asking { (timeout) throws(KafkaError) in
      try consumer.logStarts(of: partitions, timeout: timeout)
    }
  }

  private func asking<Answer>(
    _ question: (_ timeout: Duration) throws(KafkaError) -> Answer
  ) throws(Interruption) -> Answer {
    let deadline = setup.deadline(patience)
    while true {
      setup.beat()
      do {
        return try question(deadline.slice)
      } catch {
        let reaction = Reaction.to(error, of: .query, attempt: 0)
        if case .interrupt(.exit(let exit)) = reaction { throw .exit(exit) }
        if deadline.hasPassed { throw .restart(cause: error.name) }
      }
      setup.platform.clock.sleep(.milliseconds(50))
    }
  }
}
