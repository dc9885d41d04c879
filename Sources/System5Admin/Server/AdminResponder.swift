import HTTPTypes
import Hummingbird
import NIOCore
import System5Core
import System5Wire

/// Takes a request through the gate to its route, and makes whatever comes of it an answer.
struct AdminResponder: HTTPResponder {
  typealias Context = BasicRequestContext

  let gate: Gate
  let table: RouteTable
  let state: StateAnswers
  let pages: PageLookup

  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    var answer = await answer(request)
    SecurityFields.add(to: &answer)
    return answer.response(isHead: request.method == .head)
  }

  private func answer(_ request: Request) async -> Answer {
    let target = RequestTarget(request.head.path ?? "/")
    do throws(Problem) {
      return try await tried(request, target)
    } catch {
      return Answer(error, instance: String(target.path.prefix(256)))
    }
  }

  private func tried(_ request: Request, _ target: RequestTarget) async throws(Problem) -> Answer {
    let page = request.isRead ? pages(target.path) : nil
    try gate.check(request.head, path: target.path, isPage: page != nil)
    if let page { return PageAnswer.answer(page, request.head) }
    guard let path = PathTemplate.segments(of: target.path) else {
      throw Problem(.badRequest, "The path is not well-formed percent-encoded UTF-8.")
    }
    let (route, values) = try table.route(request.method, path)
    let call = Call(
      request: request.head, target: target.path, rawQuery: target.query, path: values,
      query: try Query(target.query, allowed: route.parameters))
    if case .own(let answer) = route.endpoint { return try await answer(call) }
    guard let input = route.endpoint.input else { throw Problem(.notFound, "Nobody answers here.") }
    let body = route.method == .post ? try await body(of: request) : nil
    return try await state.answer(call, on: route, input, body: body)
  }

  private func body(of request: Request) async throws(Problem) -> ByteBuffer {
    do {
      return try await request.body.collect(upTo: gate.limits.bodyBytes)
    } catch is NIOTooManyBytesError {
      throw Problem.bodyTooLarge(gate.limits)
    } catch {
      throw Problem(.badRequest, "The body did not come in whole.").with(.connection, "close")
    }
  }
}

extension Request {
  fileprivate var isRead: Bool { method == .get || method == .head }
}

/// The path and the query of a request, as received; the host of an absolute address is passed
/// over, as the gate has looked at the one that counts.
struct RequestTarget {
  let path: String
  let query: String?

  init(_ target: String) {
    let (start, query) = RequestTarget.split(target, at: "?")
    self.query = query
    path = start.hasPrefix("/") ? start : RequestTarget.pathOfAbsolute(start)
  }

  private static func pathOfAbsolute(_ target: String) -> String {
    guard let scheme = target.firstRange(of: "://") else { return target }
    let rest = target[scheme.upperBound...]
    return rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? "/"
  }

  private static func split(_ text: String, at mark: Character) -> (String, String?) {
    guard let index = text.firstIndex(of: mark) else { return (text, nil) }
    return (String(text[..<index]), String(text[text.index(after: index)...]))
  }
}
