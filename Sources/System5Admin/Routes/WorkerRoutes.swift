import HTTPTypes
import Kafka
import NIOCore
import System5Core
import System5Wire
import System5Worker

/// What is asked of the worker itself: its systems, its shards, its health.
struct WorkerRoutes: Sendable {
  let board: WorkerBoard
  let health: Health
  let feed: StatusFeed
  let queries: QueryThreads
  let metrics: MetricsPage?

  var all: [Route] {
    [
      .own("/livez", answer: livez),
      .own("/readyz", answer: readyz),
      .own("/metrics", answer: metricsPage),
      .own("/openapi.json", answer: openAPI),
      .own("/v1/statistics", "limit", "cursor", answer: statistics),
      .own("/v1/shards", "limit", "cursor", answer: shards),
      .own("/v1/systems", "limit", "cursor", answer: systems),
      .own("/v1/events") { [feed] _ throws(Problem) in try feed.answer() },
    ]
  }

  @Sendable private func livez(_ call: Call) throws(Problem) -> Answer {
    try health.checkLive(board.pipelines)
    return .json(.object([.init("status", .string("live"))]))
  }

  @Sendable private func readyz(_ call: Call) throws(Problem) -> Answer {
    .json(.object(try health.readiness(board.pipelines)))
  }

  @Sendable private func metricsPage(_ call: Call) throws(Problem) -> Answer {
    guard let metrics else { throw Problem(.notFound, "This worker keeps no metrics to show.") }
    let page = metrics(call.request.headerFields[.accept])
    return Answer(
      headers: [.contentType: page.contentType, .cacheControl: "no-store"],
      body: .bytes(.init(bytes: page.body)))
  }

  @Sendable private func openAPI(_ call: Call) -> Answer {
    .json(Assets.openAPI, headers: [.cacheControl: "no-cache"])
  }

  @Sendable private func systems(_ call: Call) async throws(Problem) -> Answer {
    try await summaries(call, "systems", [])
  }

  /// The same with what the stores take up.
  @Sendable private func statistics(_ call: Call) async throws(Problem) -> Answer {
    try await summaries(call, "statistics", [memory(of: ShardIndex(board))])
  }

  private func summaries(
    _ call: Call, _ list: String, _ members: [OrderedJSON.Member]
  ) async throws(Problem) -> Answer {
    let limit = try call.query.limit()
    let cursor = try Cursor.key(of: "systems", parts: 1, in: call.query)?.first
    let index = ShardIndex(board)
    return try await queries.run { () throws(Problem) in
      let summaries = SystemSummaries(index)
      var elements = ElementList(limit: limit)
      let cut = elements.fill(from: summaries.systems(after: cursor, limit: limit)) {
        summaries.json(of: $0)
      }
      let next = cut.map { Cursor.encode("systems", [$0.string]) }
      let page = Page(("systems", elements), next: next, members: members)
      return Self.answer(page, index.live)
    }
  }

  private func memory(of index: ShardIndex) -> OrderedJSON.Member {
    .init("memory", .object([]))
  }

  @Sendable private func shards(_ call: Call) throws(Problem) -> Answer {
    let limit = try call.query.limit()
    let after = try ShardPlace(call.query)
    let shards = ShardIndex(board).shards
    var elements = ElementList(limit: limit)
    let cut = elements.fill(from: shards.drop { !(after?.isBefore($0) ?? true) }) {
      StatusJSON.shard($0)
    }
    let page = Page(("shards", elements), next: cut.map { ShardPlace.cursor($0) })
    return Self.answer(page, shards)
  }

  private static func answer(_ page: Page, _ shards: [ShardReport]) -> Answer {
    let positions = OrderedJSON.Member("positions", .list(shards.map(\.place.json)))
    var answer = Answer.json(page.bytes(after: [positions]), headers: [.cacheControl: "no-store"])
    answer.headers[.position] = shards.map(\.place.text).joined(separator: ", ")
    return answer
  }
}

/// How far a list of shards has come.
private struct ShardPlace {
  private let topic: String
  private let partition: Int32

  init?(_ query: Query) throws(Problem) {
    guard let key = try Cursor.key(of: "shards", parts: 2, in: query) else { return nil }
    guard let partition = Int32(key[1].string) else { throw Cursor.isForeign }
    self.topic = key[0].string
    self.partition = partition
  }

  func isBefore(_ shard: ShardReport) -> Bool {
    (topic, partition) < (shard.partition.topic, shard.partition.partition)
  }

  static func cursor(_ shard: ShardReport) -> String {
    Cursor.encode("shards", [shard.partition.topic, "\(shard.partition.partition)"])
  }
}
