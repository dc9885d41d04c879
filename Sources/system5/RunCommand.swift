import ArgumentParser
import Foundation
import Kafka
import Logging
import Metrics
import PrometheusMetrics
import ServiceLifecycle
import Synchronization
import System5Admin
import System5Core
import System5Wire
import System5Worker
import UnixSignals

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "The worker: reads events, publishes what follows from them.",
    discussion: "Ends on SIGTERM or SIGINT after a last commit; at once on a second one.")

  @OptionGroup var options: SettingsOptions

  @Flag(help: "Start over with empty stores where the log does not reach back far enough.")
  var fromBeginning = false

  func run() async throws {
    let settings = try options.load(fromBeginning ? ["from.beginning": "true"] : [:])
    let configuration = try settings.workerConfiguration()
    let logger = settings.logger()
    let metrics = WorkerRegistry.make()
    // What libraries tell of themselves goes there too.
    MetricsSystem.bootstrap(metrics)
    let board = WorkerBoard()
    let server = try server(settings, configuration, board, metrics, logger)
    let service = WorkerService(server) { address in
      var configuration = configuration
      configuration.advertisedAddress = address
      return Worker(
        configuration: configuration, logger: logger, metrics: metrics, board: board
      ) { input, rules in
        input.emptyPartition(rules: rules)
      }
    }
    try await Self.group(service, server, logger).run()
    if case .failed(let code, let message)? = service.exit {
      throw CommandFailure(CommandFailure.Code(rawValue: code) ?? .fault, message)
    }
  }

  /// nil where none is wanted.
  private func server(
    _ settings: Settings, _ worker: WorkerConfiguration, _ board: WorkerBoard,
    _ metrics: Registry, _ logger: Logger
  ) throws -> AdminServer? {
    guard let configuration = try settings.adminConfiguration(worker) else { return nil }
    let directory = GroupDirectory(
      group: worker.group, configuration: try settings.clientConfiguration())
    return AdminServer(
      configuration, board: board, directory: directory, pages: Dashboard.file,
      metrics: { accept in
        let page = metrics.page(accept: accept)
        return (page.contentType, Array(page.body.utf8))
      }, logger: logger)
  }

  /// The server is the last to go, so that the end can be watched.
  private static func group(
    _ worker: WorkerService, _ server: AdminServer?, _ logger: Logger
  ) -> ServiceGroup {
    var services: [ServiceGroupConfiguration.ServiceConfiguration] = []
    if let server { services.append(.init(service: server)) }
    services.append(.init(service: worker, successTerminationBehavior: .gracefullyShutdownGroup))
    return ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
  }
}

/// The worker as a service that can be asked to stop.
private final class WorkerService: Service {
  private let server: AdminServer?
  private let makeWorker: @Sendable (_ address: String?) -> Worker
  private let outcome = Mutex<WorkerExit?>(nil)

  /// - Parameter makeWorker: takes the address that it tells the group, which is known only once
  ///   the server listens.
  init(_ server: AdminServer?, _ makeWorker: @escaping @Sendable (_ address: String?) -> Worker) {
    self.server = server
    self.makeWorker = makeWorker
  }

  /// How the worker has ended; nil before.
  var exit: WorkerExit? { outcome.withLock { $0 } }

  func run() async throws {
    let worker = makeWorker(try await server?.advertisedAddress())
    let exit = await withGracefulShutdownHandler {
      await worker.run()
    } onGracefulShutdown: {
      HardStop.arm()
      worker.requestStop()
    }
    outcome.withLock { $0 = exit }
  }
}
