import HTTPTypes
import Hummingbird
import NIOCore
import System5Wire

/// An answer before it is sent.
struct Answer: Sendable {
  var status: HTTPResponse.Status = .ok
  var headers = HTTPFields()
  var body = Body.none

  enum Body: Sendable {
    case none
    case bytes(ByteBuffer)
    /// Goes on until either side ends it.
    case stream(ResponseBody)
  }

  /// A JSON document that may not be kept.
  static func json(_ value: OrderedJSON) -> Answer {
    json(value.bytes, headers: [.cacheControl: "no-store"])
  }

  static func json(_ bytes: [UInt8], headers: HTTPFields) -> Answer {
    var answer = Answer(headers: headers, body: .bytes(ByteBuffer(bytes: bytes)))
    answer.headers[.contentType] = "application/json"
    return answer
  }

  /// - Parameter instance: the path that was asked for.
  init(_ problem: Problem, instance: String) {
    let kind = problem.kind
    let document = OrderedJSON.object(
      [
        .init("type", .string("urn:system5:problem:\(kind.rawValue)")),
        .init("title", .string(kind.title)),
        .init("status", .integer(Int64(kind.status.code))),
        .init("detail", .string(problem.detail)),
        .init("instance", .string(instance)),
      ] + problem.members)
    status = kind.status
    headers = problem.headers
    headers[.contentType] = "application/problem+json"
    headers[.cacheControl] = "no-store"
    body = .bytes(ByteBuffer(bytes: document.bytes))
  }

  init(status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], body: Body = .none) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// - Parameter isHead: whether only the head was asked for.
  func response(isHead: Bool) -> Response {
    let response =
      switch body {
      case .none: Response(status: status, headers: headers)
      case .bytes(let bytes):
        Response(status: status, headers: headers, body: .init(byteBuffer: bytes))
      case .stream(let stream): Response(status: status, headers: headers, body: stream)
      }
    return isHead ? response.createHeadResponse() : response
  }
}

extension HTTPField.Name {
  /// The positions that an answer holds for: `topic-partition@offset`, the offset being the next to
  /// apply.
  static let position = name("System5-Position")
  /// Set on a request that one worker passes on to another, which then passes it on no further.
  static let forwarded = name("System5-Forwarded")
  static let frameOptions = name("X-Frame-Options")
  static let referrerPolicy = name("Referrer-Policy")
  static let resourcePolicy = name("Cross-Origin-Resource-Policy")
  static let openerPolicy = name("Cross-Origin-Opener-Policy")

  /// - Parameter text: a token of ours, which is one.
  private static func name(_ text: String) -> HTTPField.Name {
    HTTPField.Name(text) ?? .server
  }
}
