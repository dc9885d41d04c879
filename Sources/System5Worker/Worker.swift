import Kafka
public import Logging
import Metrics
import Synchronization

/// A worker: its pipelines, from the first connection to the last commit.
public final class Worker: Sendable {
  private let configuration: WorkerConfiguration
  private let logger: Logger
  private let stop = StopSignal()

  public init(configuration: WorkerConfiguration, logger: Logger) {
    self.configuration = configuration
    self.logger = logger
  }

  /// Asks the pipelines to finish their step, commit, and leave the group. May be called at any
  /// time, from any thread, more than once.
  public func requestStop() { stop.request() }

  /// Runs until it is asked to stop or cannot go on. Call it once.
  public func run() async -> WorkerExit {
    announce()
    let outage = Outage(logger: logger)
    let instance = configuration.instance ?? Worker.chanceName()
    let started = await OwnThread.run(named: "system5-start") { [self] in
      Startup(
        properties: ClientProperties(configuration, instance: instance, pipeline: 0),
        names: TopicNames(prefix: configuration.prefix), stop: stop, outage: outage
      ).layout()
    }
    switch started {
    case .failure(let early): return early.exit
    case .success(let layout): return await runPipelines(layout, instance, outage)
    }
  }

  private func runPipelines(
    _ layout: TopicLayout, _ instance: String, _ outage: Outage
  ) async -> WorkerExit {
    await withTaskGroup(of: WorkerExit.self) { group in
      for index in 0..<max(1, configuration.pipelines) {
        group.addTask { [self] in
          await OwnThread.run(named: "system5-\(index)") {
            self.runPipeline(index, layout, instance, outage)
          }
        }
      }
      var result = WorkerExit.stopped
      for await exit in group where exit != .stopped {
        // One that cannot go on takes the others with it.
        if result == .stopped { result = exit }
        stop.request()
      }
      return result
    }
  }

  private func runPipeline(
    _ index: Int, _ layout: TopicLayout, _ instance: String, _ outage: Outage
  ) -> WorkerExit {
    var logger = logger
    logger[metadataKey: LogKey.pipeline] = "\(index)"
    let exit = Pipeline(
      configuration: configuration,
      properties: ClientProperties(configuration, instance: instance, pipeline: index),
      topics: layout, stop: stop, telemetry: Telemetry(logger: logger), events: outage.events
    ).run()
    return outage.refusal ?? exit
  }

  private func announce() {
    Gauge(label: "system5_librdkafka_info", dimensions: [("version", Librdkafka.version)]).record(1)
    logger.info("Starting", metadata: [LogKey.version: "\(Librdkafka.version)"])
    if Librdkafka.versionNumber < 0x0201_01ff {
      logger.warning(
        "librdkafka is older than 2.1.1 and may not understand a newer broker's answers",
        metadata: [LogKey.version: "\(Librdkafka.version)"])
    }
  }

  private static func chanceName() -> String { String(UInt64.random(in: 0 ... .max), radix: 36) }
}
