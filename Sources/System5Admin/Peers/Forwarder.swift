import AsyncHTTPClient
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import System5Core

/// Fetches an answer from another worker of the group.
struct Forwarder: Sendable {
  /// A page of a list, and some more.
  private static let largestAnswer = 16 << 20
  private static let timeout: TimeAmount = .seconds(5)
  /// What of a request matters to the other worker.
  private static let passedOn: [HTTPField.Name] = [
    .accept, .authorization, .contentType, .ifNoneMatch,
  ]
  /// What of its answer matters to the client.
  private static let passedBack: [HTTPField.Name] = [
    .contentType, .eTag, .cacheControl, .retryAfter, .wwwAuthenticate, .allow, .position,
  ]

  let client: HTTPClient

  /// - Parameters:
  ///   - address: `host:port`.
  ///   - target: path and query, as received.
  func fetch(
    _ request: HTTPRequest, body: ByteBuffer?, target: String, from address: String
  ) async throws(Problem) -> Answer {
    do {
      let response = try await client.execute(
        outgoing(request, body, "http://\(address)\(target)"), timeout: Forwarder.timeout)
      let content = try await response.body.collect(upTo: Forwarder.largestAnswer)
      var answer = Answer(
        status: .init(code: Int(response.status.code)), body: .bytes(content))
      for name in Forwarder.passedBack {
        answer.headers[name] = response.headers.first(name: name.rawName)
      }
      return answer
    } catch {
      throw Problem(.badGateway, "The worker at \(address) did not answer in time.")
        .retrying(after: 2)
    }
  }

  private func outgoing(
    _ request: HTTPRequest, _ body: ByteBuffer?, _ url: String
  ) -> HTTPClientRequest {
    var outgoing = HTTPClientRequest(url: url)
    // A head is made of the whole answer, as for our own.
    outgoing.method = request.method == .post ? .POST : .GET
    for name in Forwarder.passedOn {
      if let value = request.headerFields[name] {
        outgoing.headers.add(name: name.rawName, value: value)
      }
    }
    outgoing.headers.add(name: HTTPField.Name.forwarded.rawName, value: "1")
    if let body { outgoing.body = .bytes(body) }
    return outgoing
  }
}
