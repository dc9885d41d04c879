import Kafka
import Logging
import Metrics
import System5Core
import System5Wire

/// Reads the input topics, keeps the stores and publishes what follows, exactly once.
public final class Worker: Sendable {
  private let configuration: WorkerConfiguration
  private let makeState: StateFactory
  private let logger: Logger
  private let metricsFactory: any MetricsFactory
  private let board: WorkerBoard?
  private let stop = StopSignal()

  /// - Parameters:
  ///   - metrics: nil takes the one that was bootstrapped.
  ///   - board: where the pipelines say what they know; nil where nobody asks.
  ///   - makeState: called on the pipelines' threads whenever a partition is assigned.
  public init(
    configuration: WorkerConfiguration, logger: Logger, metrics: (any MetricsFactory)? = nil,
    board: WorkerBoard? = nil, makeState: @escaping StateFactory
  ) {
    self.configuration = configuration
    self.board = board
    self.logger = logger
    self.metricsFactory = metrics ?? MetricsSystem.factory
    self.makeState = makeState
  }

  /// Asks for the end: the current step is finished and committed, then the group is left. Safe on
  /// any thread and more than once.
  public func requestStop() { stop.request() }

  /// Runs until the stop is asked for, the task is cancelled or a pipeline cannot go on; the first
  /// that cannot stops the others. To be called once.
  public func run() async -> WorkerExit {
    tellVersion()
    let instance = configuration.instance ?? Self.randomName()
    return await withTaskCancellationHandler {
      await runPipelines(instance)
    } onCancel: {
      requestStop()
    }
  }

  private func runPipelines(_ instance: String) async -> WorkerExit {
    await withTaskGroup(of: WorkerExit.self) { group in
      for number in 0..<max(1, configuration.pipelines) {
        group.addTask {
          await OwnThread.run(named: "pipeline-\(number)") {
            self.runPipeline(number, instance: instance)
          }
        }
      }
      var result = WorkerExit.stopped
      for await exit in group {
        requestStop()
        if result == .stopped { result = exit }
      }
      return result
    }
  }

  private func runPipeline(_ number: Int, instance: String) -> WorkerExit {
    Pipeline(
      platform: LibrdkafkaPlatform(), configuration: configuration, instance: instance,
      number: number, stop: stop, logger: logger, metrics: metricsFactory, board: board,
      makeState: makeState
    ).run()
  }

  private func tellVersion() {
    logger.info("Kafka client", metadata: .of((.version, Librdkafka.version)))
    if Librdkafka.versionNumber < 0x0201_01ff {
      logger.warning(
        "This librdkafka is older than 2.1.1, which some brokers need.",
        metadata: .of((.version, Librdkafka.version)))
    }
  }

  private static func randomName() -> String {
    String(UInt64.random(in: .min ... .max), radix: 36)
  }
}
