import Kafka
import Logging
import System5Core
import System5Wire

/// One thread, one consumer, one producer: poll, decode, apply, produce, commit.
///
/// Effects are here and in the extensions under Committing/ and Recovery/; what an error asks for
/// is decided in ``Remedy``, what a partition's log asks for in ``ShardTask``. Confined to the
/// thread that runs it.
final class Pipeline: RebalanceHandler {
  let configuration: WorkerConfiguration
  let topics: TopicLayout
  let stop: StopSignal
  let telemetry: Telemetry
  let properties: ClientProperties
  let events: ClientEvents
  private let decoder: EventDecoder
  private let policy: CommitPolicy

  var tasks: [TopicPartition: ShardTask] = [:]
  var producer: Producer?
  /// The group's view of us after the poll that gave the records being applied.
  var group: GroupMetadata?
  var isInTransaction = false
  /// Results produced since the last commit.
  var resultCount = 0
  /// When the first record since the last commit was applied.
  var stepBegan: ContinuousClock.Instant?
  /// Set in a rebalance, where nothing can be done about it, and acted upon after the poll.
  var pending: Trouble?
  private var results: [ResultRecord] = []

  init(
    configuration: WorkerConfiguration, properties: ClientProperties, topics: TopicLayout,
    stop: StopSignal, telemetry: Telemetry, events: ClientEvents
  ) {
    self.configuration = configuration
    self.properties = properties
    self.topics = topics
    self.stop = stop
    self.telemetry = telemetry
    self.events = events
    self.decoder = EventDecoder(rules: configuration.rules)
    self.policy = CommitPolicy(
      interval: configuration.commitInterval, mostResults: configuration.maxStepResults)
  }

  /// Runs until asked to stop, or until only a person can help.
  func run() -> WorkerExit {
    var backoff = Backoff()
    while !stop.isRequested {
      let began = ContinuousClock.now
      do throws(Trouble) {
        try runSession()
      } catch {
        if case .stop(let exit) = error.remedy { return exit }
        telemetry.recovered(from: error.cause, by: "restart")
        if ContinuousClock.now - began > .seconds(60) { backoff.reset() }
        stop.wait(backoff.next())
      }
    }
    return .stopped
  }

  /// One life of a consumer and its producers.
  private func runSession() throws(Trouble) {
    forgetAll()
    let consumer: Consumer
    do {
      consumer = try Consumer(configuration: properties.consumer, events: events)
    } catch {
      throw Trouble(remedy: .stop(.configuration("\(error)")), cause: "\(error)")
    }
    try replaceProducer()
    do throws(Trouble) {
      try consuming { () throws(KafkaError) in try consumer.subscribe(topics.inputNames) }
      while !stop.isRequested { try turn(consumer) }
      if hasUncommitted { try commit(consumer) }
    } catch {
      leave(consumer, aborting: true)
      throw error
    }
    leave(consumer, aborting: false)
  }

  /// A turn of the loop, with the remedies that need no new consumer.
  private func turn(_ consumer: Consumer) throws(Trouble) {
    do throws(Trouble) {
      try step(consumer)
    } catch {
      switch error.remedy {
      case .abort, .replaceProducer: try recover(consumer, from: error)
      case .retry, .restart, .stop: throw error
      }
    }
  }

  private func step(_ consumer: Consumer) throws(Trouble) {
    let count = try applyBatch(of: consumer)
    guard let stepBegan else { return }
    if policy.isDue(results: resultCount, hasCaughtUp: count == 0, since: stepBegan) {
      try commit(consumer)
    }
  }

  /// Polls once and applies what came. Returns the number of records.
  private func applyBatch(of consumer: Consumer) throws(Trouble) -> Int {
    let timeout = resultCount > 0 ? 0 : hasUncommitted ? 20 : 100
    let batch: MessageBatch
    do {
      batch = try consumer.poll(
        maxRecords: configuration.maxBatch, timeoutMilliseconds: timeout, rebalancing: self)
    } catch {
      throw pending ?? Trouble(remedy: .forConsumer(error), cause: "\(error)")
    }
    if let pending {
      self.pending = nil
      throw pending
    }
    group = try? consumer.groupMetadata()
    var count = 0
    try batch.eachMessage { (message) throws(Trouble) in
      switch message.kind {
      case .record:
        count += 1
        try apply(message)
      case .endOfPartition: try reachedEnd(of: message.topicPartition, at: message.offset)
      case .failure(let error):
        throw Trouble(remedy: .forConsumer(error), cause: "\(error)")
      }
    }
    markRestored()
    return count
  }

  private func apply(_ message: borrowing Message) throws(Trouble) {
    let partition = message.topicPartition
    guard tasks[partition] != nil else { return }
    var headers: [RawHeader] = []
    message.eachHeader { name, value in
      headers.append(RawHeader(name, value.map { Array($0) }))
    }
    let record = RawRecord(
      key: message.key, value: message.value,
      timestampMilliseconds: message.timestampMilliseconds, headers: headers)
    let position = Position(
      topicName: partition.topic, partition: partition.partition, offset: message.offset)
    results.removeAll(keepingCapacity: true)
    let isRestoring = tasks[partition]?.isRestoring ?? false
    guard
      let disposition = tasks[partition]?.apply(
        record, at: position, decoder: decoder, into: &results)
    else { return }
    telemetry.count(disposition, of: partition.topic, isRestoring: isRestoring)
    if isRestoring { return }
    checkRouting(of: record.key, in: partition)
    if stepBegan == nil { stepBegan = .now }
    for result in results { try produce(result) }
  }

  private func checkRouting(of key: UnsafeRawBufferPointer?, in partition: TopicPartition) {
    guard let key, !key.isEmpty else { return }
    let count = topics.partitionCount(of: partition.topic)
    if Murmur2.partition(key, count: count) != partition.partition {
      telemetry.countMisrouted(in: partition.topic)
    }
  }

  var hasUncommitted: Bool { stepBegan != nil }

  /// Leaves the group, serving the rebalance that this is.
  private func leave(_ consumer: Consumer, aborting: Bool) {
    if aborting { abandonTransaction() }
    try? consumer.close(rebalancing: self)
    forgetAll()
    producer = nil
  }

  func forgetAll() {
    tasks = [:]
    pending = nil
    group = nil
    forgetStep()
  }

  func forgetStep() {
    resultCount = 0
    stepBegan = nil
    isInTransaction = false
  }

  func consuming<Result>(
    _ body: () throws(KafkaError) -> Result
  ) throws(Trouble) -> Result {
    do {
      return try body()
    } catch {
      throw Trouble(remedy: .forConsumer(error), cause: "\(error)")
    }
  }
}
