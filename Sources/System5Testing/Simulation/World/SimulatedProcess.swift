import Kafka
import Logging
import Metrics
import System5Core
import System5Wire
import System5Worker

/// One life of a worker: a process with one pipeline, from its start to its end or death.
final class SimulatedProcess {
  unowned let world: SimulatedWorld
  let name: String
  let stop = StopSignal()
  let board = WorkerBoard()
  private(set) var pipeline: Pipeline<SimulatedPlatform>?
  private(set) var isDead = false
  var isFrozen = false
  private(set) var isTurning = false
  private(set) var exit: WorkerExit?
  /// How far a dead process's clock is ahead: its waits move nothing.
  private var deadTime: Duration = .zero
  var consumers: [ModelConsumer] = []
  var checkpointStores: [ModelCheckpoints] = []
  /// What a mistake remembers.
  let mistakes: MistakeMemory

  init(world: SimulatedWorld, name: String, instance: String) {
    self.world = world
    self.name = name
    mistakes = MistakeMemory(world.options.mistake)
    let platform = SimulatedPlatform(process: self)
    pipeline = Pipeline(
      platform: platform, configuration: world.settings.configuration, instance: instance,
      number: 0, stop: stop, logger: logger(), metrics: world.options.metrics, board: board,
      makeState: mistakes.stateFactory)
  }

  private func logger() -> Logger {
    let handler = TracingLog(process: self)
    return Logger(label: name) { _ in handler }
  }

  /// Moves the pipeline once. Whoever has died within the turn is dropped after it.
  func turn() {
    isTurning = true
    let exit = pipeline?.turn()
    isTurning = false
    if !isDead { self.exit = exit }
    if hasEnded { letGo() }
  }

  /// The clients hold the process, so they must go for it to go.
  func letGo() {
    pipeline = nil
    consumers = []
    checkpointStores = []
  }

  /// From here on, nothing it does has an effect on anything else.
  func die() {
    world.trace("\(name) dies")
    isDead = true
    stop.request()
  }

  var hasEnded: Bool { isDead || exit != nil }

  /// What the clients' own threads do.
  func tick() {
    if isDead || isFrozen { return }
    for consumer in consumers { consumer.tick() }
    for store in checkpointStores { store.tick() }
  }

  // MARK: What calls of clients begin with

  func enter(_ call: String) throws(KafkaError) {
    if isDead { throw .dead }
    world.interleave(self, at: call)
    if isDead { throw .dead }
  }

  var now: Duration { world.now + deadTime }

  func sleep(_ duration: Duration) {
    if isDead {
      deadTime += duration
    } else {
      world.wait(duration)
    }
  }
}

/// The clock of one process.
///
/// `@unchecked`: confined to the simulation's one thread.
struct SimulatedClock: WorkerClock, @unchecked Sendable {
  private static let base = ContinuousClock.now
  let process: SimulatedProcess

  var now: ContinuousClock.Instant { SimulatedClock.base + process.now }
  /// Near the times of the generated records.
  var millisecondsSinceEpoch: Int64 { 1_763_884_800_000 + Int64(process.now / .milliseconds(1)) }
  func sleep(_ duration: Duration) { process.sleep(duration) }
}

/// The platform of one process.
///
/// `@unchecked`: confined to the simulation's one thread.
struct SimulatedPlatform: Platform, @unchecked Sendable {
  let process: SimulatedProcess

  var clock: any WorkerClock { SimulatedClock(process: process) }

  func makeConsumer(
    _ configuration: ClientConfiguration, _ events: ClientEvents
  ) throws(ConfigurationError) -> SimulatedConsumer {
    let model = ModelConsumer(process: process, configuration)
    process.consumers.append(model)
    return SimulatedConsumer(model)
  }

  func makeProducer(
    _ configuration: ClientConfiguration, _ events: ClientEvents
  ) throws(ConfigurationError) -> SimulatedProducer {
    if let reused = process.mistakes.producerToReuse { return reused }
    let producer = SimulatedProducer(ModelProducer(process: process, configuration))
    process.mistakes.note(producer)
    return producer
  }

  func makeDirectory(
    _ configuration: ClientConfiguration, _ events: ClientEvents
  ) throws(ConfigurationError) -> any TopicDirectory {
    SimulatedDirectory(process: process)
  }

  func makeCheckpointStore(_ settings: CheckpointStoreSettings) -> any CheckpointStore {
    let store = ModelCheckpoints(process: process, settings)
    process.checkpointStores = [store]
    return store
  }
}

private struct SimulatedDirectory: TopicDirectory {
  let process: SimulatedProcess

  func topics(_ names: [String]) throws(KafkaError) -> [TopicMetadata] {
    try process.enter("metadata")
    return names.map {
      TopicMetadata(
        name: $0, partitionCount: Int(process.world.settings.partitions), error: nil)
    }
  }
}

/// The worker's log lines, as steps of the trace.
///
/// `@unchecked`: confined to the simulation's one thread.
private struct TracingLog: LogHandler, @unchecked Sendable {
  unowned let process: SimulatedProcess
  var metadata = Logger.Metadata()
  var logLevel: Logger.Level {
    get { process.world.options.isTraced ? .debug : .critical }
    nonmutating set {}
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let details = (event.metadata ?? [:]).sorted { $0.key < $1.key }
      .map { " \($0.key)=\($0.value)" }.joined()
    process.world.trace("\(process.name): \(event.message)\(details)")
  }
}

extension WorldSettings {
  var configuration: WorkerConfiguration {
    var result = WorkerConfiguration(brokers: "simulated")
    result.commitInterval = commitInterval
    result.maxBatch = maxBatch
    result.maxStepResults = maxStepResults
    result.checkpointRecords = checkpointRecords
    result.checkpointInterval = .seconds(20)
    result.sessionTimeout = sessionTimeout
    result.maxPollInterval = maxPollInterval
    result.transactionTimeout = transactionTimeout
    return result
  }
}
