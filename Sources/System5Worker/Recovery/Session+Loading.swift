import Kafka
import Logging
import System5Core

/// Taking a partition over: it is paused while its checkpoint is read in the background, then read
/// from there. The loop goes on with the others, and goes on polling.
extension Session {
  /// A partition that waits for its state.
  struct Takeover {
    var request: CheckpointRequest
    let since: ContinuousClock.Instant
    /// Not to be asked for before.
    var notBefore: ContinuousClock.Instant
    /// Whether it is paused and its checkpoint asked for.
    var isAsked = false
    /// Where its log starts, as it was before the checkpoint was asked for: what had made the log
    /// shorter by then, the reading must find. If it has become shorter since, reading on shows that.
    var logStart: Int64?
    var isOverdue = false
  }

  /// Called in a rebalance, where nothing may take long: what is needed is asked for after it.
  func awaitState(of partition: TopicPartition, _ committed: Int64?) {
    guard let input = layout.input(named: partition.topic) else { return }
    takeovers[partition] = Takeover(
      request: request(partition, input, committed), since: now, notBefore: now)
  }

  private func request(
    _ partition: TopicPartition, _ input: InputTopic, _ committed: Int64?
  ) -> CheckpointRequest {
    takeoverCount += 1
    return CheckpointRequest(
      number: takeoverCount, partition: partition, input: input, committed: committed,
      rules: setup.configuration.rules)
  }

  func serveTakeovers() throws(Interruption) {
    if takeovers.isEmpty { return }
    try askForCheckpoints()
    // A partition may have been taken away, and even given back, since it was asked for.
    let loads = checkpoints.takeLoads().filter {
      takeovers[$0.request.partition]?.request.number == $0.request.number
    }
    if !loads.isEmpty { try finishTakeovers(loads) }
    tellOverdue()
  }

  private func askForCheckpoints() throws(Interruption) {
    let waiting = takeovers.filter { !$0.value.isAsked && $0.value.notBefore <= now }.keys.sorted()
    if waiting.isEmpty { return }
    try setup.attempting(.query) { () throws(KafkaError) in try consumer.pause(waiting) }
    let starts = try logStarts(of: waiting)
    checkpoints.load(waiting.compactMap { takeovers[$0]?.request })
    for partition in waiting {
      takeovers[partition]?.isAsked = true
      takeovers[partition]?.logStart = starts[partition]
    }
  }

  private func finishTakeovers(_ loads: [CheckpointLoad]) throws(Interruption) {
    var begun: [ShardTask] = []
    for load in loads {
      // Taken for 0, an unknown start would make a log look whole.
      guard let start = takeovers[load.request.partition]?.logStart else {
        throw .restart(cause: "unknown-log-start")
      }
      let plan = try plan(for: load, logStart: start)
      if case .impossible(let exit) = plan {
        guard try isAskedAgain(load) else { throw .exit(exit) }
      } else {
        tellRejections(of: load)
        let takeover = takeovers.removeValue(forKey: load.request.partition)
        begun.append(begin(load, plan, assignedAt: takeover?.since ?? now))
      }
    }
    try readOn(begun)
    report()
  }

  /// What was found is weighed against the offset that the group had when the partition was given to
  /// us, and that may have changed: we may have slept, and another owner have gone on. And a commit
  /// that a checkpoint is ahead of may belong to a transaction that is not over yet: its producer is
  /// dead, and the brokers wait for it. So the offset is asked for again, in the latter case for as
  /// long as such a transaction may take, before a person has to decide.
  private func isAskedAgain(_ load: CheckpointLoad) throws(Interruption) -> Bool {
    let partition = load.request.partition
    let committed = try committedOffsets(of: [partition])[partition]
    guard let takeover = takeovers[partition] else { return true }
    let mayStillMove = load.isAhead && now - takeover.since < setup.producerPatience
    guard mayStillMove || committed != load.request.committed else {
      tellRejections(of: load)
      return false
    }
    takeovers[partition]?.request = request(partition, load.request.input, committed)
    takeovers[partition]?.isAsked = false
    takeovers[partition]?.notBefore = now + .milliseconds(500)
    return true
  }

  private func plan(for load: CheckpointLoad, logStart: Int64) throws(Interruption) -> StartPlan {
    if case .failed(let error) = load.outcome {
      if error.isAuthentication {
        throw .exit(.refused(error))
      }
      throw .restart(cause: error.name)
    }
    return StartPlan.decide(
      load, logStart: logStart, fromBeginning: setup.configuration.fromBeginning)
  }

  private func readOn(_ begun: [ShardTask]) throws(Interruption) {
    do {
      try consumer.seek(
        begun.map { PartitionOffset($0.progress.partition, $0.progress.position) },
        timeout: .seconds(10))
      try consumer.resume(begun.map(\.progress.partition))
    } catch {
      throw .restart(cause: error.name)
    }
  }

  /// Polling goes on, so that the group does not lose us; but somebody should know.
  private func tellOverdue() {
    let limit = setup.configuration.maxPollInterval * 4 / 5
    for partition in takeovers.keys.sorted() {
      guard let takeover = takeovers[partition], !takeover.isOverdue,
        now - takeover.since >= limit
      else { continue }
      takeovers[partition]?.isOverdue = true
      setup.logger.warning(
        "Still waiting for the checkpoint of a partition",
        metadata: .of(
          (.topic, partition.topic), (.partition, partition.partition),
          (.wait, (now - takeover.since).description), (.progress, checkpoints.loadProgress)))
    }
  }

  private func tellRejections(of load: CheckpointLoad) {
    for rejection in load.rejections {
      setup.logger.warning(
        "A checkpoint is not used",
        metadata: .of(
          (.topic, load.request.partition.topic),
          (.partition, load.request.partition.partition), (.cause, rejection.reason)))
    }
  }
}
