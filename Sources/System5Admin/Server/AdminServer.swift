import AsyncHTTPClient
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
public import System5Worker

/// Answers over HTTP what a worker knows. Reads committed snapshots only, so nothing that is asked
/// can slow or change the worker.
public final class AdminServer: Service {
  private let configuration: AdminConfiguration
  private let parts: AdminParts
  private let address = Announcement<String>()
  private let logger: Logger

  /// - Parameters:
  ///   - directory: knows the group's other members; nil: there are none.
  ///   - metrics: nil: there is nothing at `/metrics`.
  public init(
    _ configuration: AdminConfiguration, board: WorkerBoard,
    directory: (any MemberDirectory)? = nil, pages: @escaping PageLookup = { _ in nil },
    metrics: MetricsPage? = nil, logger: Logger
  ) {
    self.configuration = configuration
    self.logger = logger
    parts = AdminParts(
      configuration, board: board, directory: directory, pages: pages, metrics: metrics)
  }

  /// `host:port` to tell other members; waits until the server listens.
  ///
  /// - Throws: why it does not.
  public func advertisedAddress() async throws -> String { try await address.value() }

  /// Serves until the graceful shutdown, or its cancellation.
  public func run() async throws {
    do {
      try await serve()
      await end(because: CancellationError())
    } catch {
      await end(because: error)
      throw error
    }
  }

  /// Lets go of threads and connections; whoever waits for an address is told why there is none.
  func end(because reason: any Error) async {
    address.fail(with: reason)
    await parts.shutDown()
  }

  private func serve() async throws {
    do {
      let executor = LoopExecutor(parts.loops.next())
      try await withTaskExecutorPreference(executor) { try await application().run() }
    } catch let error as IOError {
      throw AdminError.cannotListen(
        address: "\(configuration.host):\(configuration.port)",
        reason: String(cString: strerror(error.errnoCode)))
    } catch let error as SocketAddressError {
      throw AdminError.cannotListen(
        address: "\(configuration.host):\(configuration.port)", reason: "\(error)")
    }
  }

  /// What serves the requests; also for tests without a socket.
  func application() -> some ApplicationProtocol {
    // Its own lines say what ours do.
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    let limits = configuration.limits
    return Application(
      responder: parts.responder,
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [ClientPatience(limits)],
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: limits.headerBytes * 4, maxHeaderListSize: limits.headerBytes * 4,
            maxHeaderFieldCount: 200))),
      configuration: .init(
        address: .hostname(configuration.host, port: configuration.port),
        availableConnectionsDelegate: .maximum(limits.connections, logger: quiet)),
      onServerRunning: { await self.announce($0) },
      eventLoopGroupProvider: .shared(parts.loops), logger: quiet)
  }

  private func announce(_ channel: any Channel) async {
    let port = channel.localAddress?.port ?? configuration.port
    let own = configuration.advertised ?? HostName.advertised(configuration.host, port)
    parts.peers.ownAddress = own
    logger.info(
      "HTTP is served",
      metadata: ["address": "\(configuration.host):\(port)", "advertised": "\(own)"])
    address.announce(own)
  }
}
