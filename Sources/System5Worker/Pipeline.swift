import Kafka
import Logging
import Metrics
import System5Core
import System5Wire

/// Makes the empty state of a partition of an input topic.
public typealias StateFactory = @Sendable (InputTopic, Rules) -> any PartitionState

/// What a pipeline's parts have in common.
struct PipelineSetup<P: Platform> {
  let platform: P
  let configuration: WorkerConfiguration
  let properties: ClientProperties
  let makeState: StateFactory
  let stop: StopSignal
  let logger: Logger
  let metrics: WorkerMetrics
  let watch: ClientWatch
  /// Of the pipeline in its process, from 0.
  let number: Int
  /// Where it says what it knows; nil where nobody asks.
  let board: BoardPlace?

  func checkpointStoreSettings(_ layout: TopicLayout) -> CheckpointStoreSettings {
    CheckpointStoreSettings(
      consumer: properties.checkpointReader, producer: properties.checkpointWriter,
      events: watch.events, group: configuration.group,
      topic: { layout.checkpointName(of: $0) })
  }

  /// How long a new producer may wait for its predecessor's transaction to end.
  var producerPatience: Duration { configuration.transactionTimeout + .seconds(20) }

  /// Waits, but not longer than until the stop.
  func wait(_ duration: Duration) {
    stop.wait(duration, by: platform.clock)
    // Whoever waits for a broker goes round, and that shows.
    metrics.enter(.other)
    beat()
  }

  /// Shows that the loop makes progress, also where that is to wait for a broker in slices.
  func beat() { board?.beat(at: platform.clock.now) }

  func deadline(_ limit: Duration) -> Deadline {
    Deadline(limit, stop: stop, clock: platform.clock)
  }
}

/// Runs sessions one after another until the stop, or until something that a person must mend.
///
/// It moves by turns, so that the simulator can do in between what it likes. Confined to one thread.
package final class Pipeline<P: Platform> {
  private let setup: PipelineSetup<P>
  private var session: Session<P>?
  private var sessionStarted: ContinuousClock.Instant
  private var backoff = Backoff()

  init(setup: PipelineSetup<P>) {
    self.setup = setup
    sessionStarted = setup.platform.clock.now
  }

  /// - Parameters:
  ///   - instance: tells the process apart; with the number it makes the `transactional.id`.
  ///   - number: of the pipeline in its process, from 0.
  ///   - board: where it says what it knows; nil where nobody asks.
  ///   - makeState: called whenever a partition is taken over without a checkpoint.
  package convenience init(
    platform: P, configuration: WorkerConfiguration, instance: String, number: Int,
    stop: StopSignal, logger: Logger, metrics: any MetricsFactory, board: WorkerBoard? = nil,
    makeState: @escaping StateFactory
  ) {
    var logger = logger
    logger[metadataKey: LogKey.pipeline.rawValue] = "\(number)"
    self.init(
      setup: PipelineSetup(
        platform: platform, configuration: configuration,
        properties: ClientProperties(configuration, instance: instance, pipeline: number),
        makeState: makeState, stop: stop, logger: logger,
        metrics: WorkerMetrics(factory: metrics, clock: platform.clock, pipeline: number),
        watch: ClientWatch(logger: logger), number: number, board: board?.place(of: number)))
  }

  package func run() -> WorkerExit {
    while true {
      if let exit = turn() { return exit }
    }
  }

  /// One step of the loop, with whatever it takes to come to it. Returns how the pipeline has ended,
  /// once it has.
  package func turn() -> WorkerExit? {
    setup.beat()
    do throws(Interruption) {
      if setup.stop.isRequested { return stop() }
      if let session {
        try session.turn()
      } else {
        try beginSession()
      }
      return nil
    } catch {
      return leaveSession(because: error)
    }
  }

  /// The partitions that are ours at present, as of their last commits; none that is being restored.
  package var committedShards: [ShardSnapshot] { session?.committedShards ?? [] }

  private func stop() -> WorkerExit {
    session?.finish()
    session = nil
    report(.ended)
    return .stopped
  }

  private func beginSession() throws(Interruption) {
    guard let layout = try Preflight(setup: setup).run() else { return }
    let session = try Session(setup: setup, layout: layout)
    self.session = session
    sessionStarted = setup.platform.clock.now
    try session.begin()
  }

  private func leaveSession(because interruption: Interruption) -> WorkerExit? {
    if session != nil, setup.platform.clock.now - sessionStarted > .seconds(60) {
      backoff.reset()
    }
    session?.abandon()
    session = nil
    report(.starting)
    if case .exit(let exit) = interruption { return exit }
    if let refusal = setup.watch.refused, case .restart = interruption {
      return .refused(refusal)
    }
    tellAndWait(interruption, backoff.next())
    return nil
  }

  /// Says that it has no partitions.
  private func report(_ phase: PipelineReport.Phase) {
    guard let board = setup.board else { return }
    var report = PipelineReport(number: setup.number, phase: phase, beatAt: sessionStarted)
    report.isBrokerAway = setup.watch.isBrokerAway
    board.put(report)
  }

  private func tellAndWait(_ interruption: Interruption, _ wait: Duration) {
    if setup.stop.isRequested { return }
    setup.metrics.restarted(cause: interruption.cause)
    setup.logger.warning(
      "The pipeline begins anew",
      metadata: .of((.cause, interruption.cause), (.wait, wait.description)))
    setup.wait(wait)
  }
}
