import AsyncHTTPClient
import NIOCore
import NIOPosix
import System5Worker

/// What the server is put together from.
struct AdminParts: Sendable {
  /// One is enough: long questions have threads of their own.
  let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  let responder: AdminResponder
  let peers: Peers
  private let queries: QueryThreads
  private let client: HTTPClient
  private let directory: (any MemberDirectory)?

  init(
    _ configuration: AdminConfiguration, board: WorkerBoard, directory: (any MemberDirectory)?,
    pages: @escaping PageLookup, metrics: MetricsPage?
  ) {
    let limits = configuration.limits
    queries = QueryThreads(mostWaiting: limits.waitingQuestions)
    client = HTTPClient(
      eventLoopGroupProvider: .shared(loops), configuration: AdminParts.clientConfiguration)
    self.directory = directory
    peers = Peers(directory: directory, forwarder: Forwarder(client: client))
    let worker = WorkerRoutes(
      board: board, health: Health(patience: configuration.livenessPatience),
      feed: StatusFeed(board: board, mostStreams: limits.streams), queries: queries,
      metrics: metrics)
    responder = AdminResponder(
      gate: Gate(
        hosts: HostGate(bound: configuration.host, others: AdminParts.names(configuration)),
        token: configuration.token, open: configuration.open, limits: limits),
      table: RouteTable(
        routes: worker.all + PolicyRoutes.all + AdaptationRoutes.all + VarietyRoutes.all),
      state: StateAnswers(board: board, queries: queries, peers: peers), pages: pages)
  }

  private static func names(_ configuration: AdminConfiguration) -> [String] {
    configuration.hosts + [configuration.advertised].compactMap { $0.flatMap(HostGate.host) }
      + [HostName.advertised(configuration.host, 0)].compactMap(HostGate.host)
  }

  private static var clientConfiguration: HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(connect: .seconds(1), read: .seconds(5)))
    // Other workers are reached directly, whatever this machine's environment says.
    configuration.proxy = nil
    return configuration
  }

  func shutDown() async {
    try? await client.shutdown()
    await queries.shutDown()
    await (directory as? GroupDirectory)?.shutDown()
    try? await loops.shutdownGracefully()
  }
}
