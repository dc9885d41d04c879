import HTTPTypes
import Hummingbird
import NIOCore
import System5Core
import System5Wire
import System5Worker

/// Answers questions about one system: from the committed state of its partition, or by leading to
/// the worker that has it.
struct StateAnswers: Sendable {
  let board: WorkerBoard
  let queries: QueryThreads
  let peers: Peers

  func answer(
    _ call: Call, on route: Route, _ input: InputTopic, body: ByteBuffer?
  ) async throws(Problem) -> Answer {
    let system = call.path["system"]
    guard Array(system.string.utf8).withUnsafeBytes({ Identifier.isValidKey($0) }) else {
      throw Problem(
        .unknownSystem, "A system's id is 1 to 128 characters of A-Z, a-z, 0-9 and . _ : -.")
    }
    let isForward = try call.query.flag("forward") ?? false
    switch ShardIndex(board).find(system, input) {
    case .state(let shard): return try await answer(call, on: route, from: shard, body: body)
    case .unavailable(let problem): throw problem
    case .elsewhere(let partition):
      return try await peers.answer(call, partition, forwards: isForward, body: body)
    }
  }

  private func answer(
    _ call: Call, on route: Route, from shard: ShardReport, body: ByteBuffer?
  ) async throws(Problem) -> Answer {
    let tag = call.request.method == .post ? nil : EntityTag(shard.place, call)
    var headers: HTTPFields = [.position: shard.place.text, .cacheControl: "no-cache"]
    if let tag {
      headers[.eTag] = tag.text
      if tag.matches(call.request.headerFields[values: .ifNoneMatch]) {
        return Answer(status: .notModified, headers: headers)
      }
    }
    let question = Question(
      system: call.path["system"], path: call.path, query: call.query,
      body: try body.map { bytes throws(Problem) in try StateAnswers.parse(bytes) })
    let bytes = try await bytes(question, route, shard)
    return .json(bytes, headers: headers)
  }

  private func bytes(
    _ question: Question, _ route: Route, _ shard: ShardReport
  ) async throws(Problem) -> [UInt8] {
    do throws(Problem) {
      if route.isHeavy {
        return try await queries.run { () throws(Problem) in try route.ask(question, shard) }
      }
      return try route.ask(question, shard)
    } catch {
      // That there is no such thing holds for a position, too.
      throw error.with(.position, shard.place.text)
    }
  }

  private static func parse(_ body: ByteBuffer) throws(Problem) -> JSONValue {
    do {
      return try JSONParser().value(of: Array(body.readableBytesView))
    } catch {
      throw Problem(.badBody, "The body is not JSON: \(error.description).")
    }
  }
}

extension Route {
  fileprivate func ask(_ question: Question, _ shard: ShardReport) throws(Problem) -> [UInt8] {
    let document =
      switch endpoint {
      case .policies(let ask):
        try shard.policies.map { store throws(Problem) in try ask(store, question) }
      case .adaptations(let ask):
        try shard.adaptations.map { store throws(Problem) in try ask(store, question) }
      case .variety(let ask):
        try shard.variety.map { store throws(Problem) in try ask(store, question) }
      case .own: Document?.none
      }
    guard let document else { throw Problem(.fault, "The shard is of another kind.") }
    return document.bytes(at: shard.place)
  }
}
