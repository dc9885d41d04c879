import Kafka
import Logging
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

  /// How long a new producer may wait for its predecessor's transaction to end.
  var producerPatience: Duration { configuration.transactionTimeout + .seconds(20) }

  /// Waits, but not longer than until the stop.
  func wait(_ duration: Duration) { stop.wait(duration, by: platform.clock) }

  /// - Parameter limit: nil waits without end.
  func deadline(_ limit: Duration?) -> Deadline {
    Deadline(limit, stop: stop, clock: platform.clock)
  }
}

/// Runs sessions one after another until the stop, or until something that a person must mend.
struct Pipeline<P: Platform> {
  let setup: PipelineSetup<P>

  func run() -> WorkerExit {
    var backoff = Backoff()
    while !setup.stop.isRequested {
      do throws(Interruption) {
        try runSession(&backoff)
      } catch {
        if case .exit(let exit) = error { return exit }
        tellAndWait(error, backoff.next())
      }
    }
    return .stopped
  }

  private func runSession(_ backoff: inout Backoff) throws(Interruption) {
    guard let layout = try Preflight(setup: setup).run() else { return }
    let session = try Session(setup: setup, layout: layout)
    let started = setup.platform.clock.now
    do throws(Interruption) {
      try session.run()
    } catch {
      session.abandon()
      if setup.platform.clock.now - started > .seconds(60) { backoff.reset() }
      if let refusal = setup.watch.refused, case .restart = error {
        throw .exit(.notAuthorised("The brokers refuse us: \(refusal.reason)."))
      }
      throw error
    }
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
