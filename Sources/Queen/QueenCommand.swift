import ArgumentParser
import Foundation
import System5Client

@main
struct QueenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queen",
    abstract: "A small System 5 that watches a metric of this machine.",
    discussion: """
      Answers what is unusual about the metric with a policy, and tells System5 of it: the policy, \
      the adaptation, how it went, and how many answers it has. Listens to alerts, and asks for \
      what was learnt elsewhere when it has too few answers. Waits for brokers that are away. Ends \
      on SIGTERM or SIGINT.

      Exit codes: 64 usage, 70 our fault, 77 not authorised, 78 configuration.
      """)

  @Option(help: "Kafka brokers, host:port, several separated by commas.")
  var brokers = "localhost:9092"

  @Option(help: "What every topic's name begins with.")
  var prefix = "system5."

  @Option(help: "The viable system.")
  var system = "machine"

  @Option(help: "The metric: cpu, load, memory, or own, which is this process's own CPU time.")
  var metric = Metric.cpu

  @Option(help: "How often the metric is read, in seconds.")
  var sampleSeconds = 1.0

  @Option(help: "How often varieties are reported, in seconds.")
  var reportSeconds = 30.0

  @Option(help: "How soon the metric must be back to usual for a success, in seconds.")
  var recoverySeconds = 30.0

  @Option(help: "The domain whose patterns to ask for when there are too few answers.")
  var learnFrom = "general"

  @Option(help: "The consumer group; queen-SYSTEM-METRIC unless given.")
  var group: String?

  @Option(help: "The consumer's session timeout, in seconds.")
  var sessionTimeoutSeconds = 45.0

  @Option(help: "End after so many seconds.")
  var duration: Double?

  @Flag(help: "Keep one core busy every so often, so that there is something to respond to.")
  var exercise = false

  @Option(help: "With --exercise: the time between loads, in seconds.")
  var exerciseEverySeconds = 40.0

  @Option(help: "With --exercise: how long a load lasts unless it is shed, in seconds.")
  var exerciseSeconds = 8.0

  func validate() throws {
    let times = [
      sampleSeconds, reportSeconds, recoverySeconds, exerciseEverySeconds, exerciseSeconds,
      sessionTimeoutSeconds, duration ?? 1,
    ]
    guard times.allSatisfy({ $0 >= 0.01 && $0 <= 1e7 }) else {
      throw ValidationError("times are between 0.01 and 10,000,000 seconds")
    }
    if learnFrom == metric.rawValue {
      throw ValidationError("--learn-from is another domain than the metric's own")
    }
  }

  func run() async throws {
    do {
      try await reign()
    } catch {
      Narration.say("\(error)")
      throw ExitCode(Self.code(for: error))
    }
  }

  private func reign() async throws {
    var connection = Connection(brokers: brokers)
    connection.prefix = prefix
    connection.clientID = "queen"
    let producer = try EventProducer(connection, source: "/\(system)/queen/\(metric.rawValue)")
    let consumer = try ResultConsumer(connection, resultOptions)
    let exercise =
      exercise
      ? Exercise(every: .seconds(exerciseEverySeconds), length: .seconds(exerciseSeconds)) : nil
    let queen = Queen(settings, sender: producer, exercise: exercise)
    let outcome: Result<Void, any Error>
    do {
      try await Self.run(queen, reporters(queen, producer), consumer, exercise, duration)
      outcome = .success(())
    } catch {
      outcome = .failure(error)
    }
    await consumer.shutdown()
    await producer.shutdown()
    try outcome.get()
  }

  private var settings: Queen.Settings {
    Queen.Settings(
      system: system, metric: metric, sampleInterval: .seconds(sampleSeconds),
      recoveryLimit: .seconds(recoverySeconds), learnFrom: learnFrom)
  }

  private var resultOptions: ResultOptions {
    var options = ResultOptions(group: group ?? "queen-\(system)-\(metric.rawValue)")
    options.topics = [.alerts, .patterns]
    // What has happened before it came is no call to act.
    options.start = .latest
    options.sessionTimeout = .seconds(sessionTimeoutSeconds)
    return options
  }

  private func reporters(
    _ queen: Queen, _ sender: EventProducer
  ) -> [VarietyReporter<ContinuousClock>] {
    let interval = Duration.seconds(reportSeconds)
    return [
      VarietyReporter(
        sender: sender, system: system, source: settings.environmentSource, every: interval
      ) { await queen.environmentVariety },
      VarietyReporter(
        sender: sender, system: system, source: settings.systemSource, every: interval
      ) { await queen.systemVariety },
    ]
  }

  /// Returns when it is time to stop; throws when a part cannot go on.
  private static func run(
    _ queen: Queen, _ reporters: [VarietyReporter<ContinuousClock>], _ consumer: ResultConsumer,
    _ exercise: Exercise?, _ seconds: Double?
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await Stop.wait(atMost: seconds.map { .seconds($0) }) }
      group.addTask { try await queen.watch() }
      group.addTask { try await queen.listen(to: consumer.results) }
      for reporter in reporters { group.addTask { await reporter.run() } }
      if let exercise { group.addTask { await exercise.run() } }
      try await group.next()
      group.cancelAll()
      // What they say now is only that they were cancelled.
      while let ended = await group.nextResult() { _ = ended }
    }
  }

  private static func code(for error: any Error) -> Int32 {
    guard let failure = error as? KafkaFailure else { return 70 }
    switch failure.kind {
    case .configuration, .missingTopic: return 78
    case .unavailable: return 69
    case .notAuthorised: return 77
    case .tooLarge, .other: return 70
    }
  }
}

extension Metric: ExpressibleByArgument {}
