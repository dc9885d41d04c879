import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import System5Admin
import System5Core
import System5Wire

/// Asks a worker over HTTP, and goes on to another one where it is told to.
struct APIClient {
  /// `http://host:port`.
  let base: String
  let token: String?

  private static let timeout: TimeAmount = .seconds(10)
  private static let mostRedirects = 3
  private static let largestAnswer = 64 << 20

  /// What came back, good or not.
  struct Answer {
    let status: Int
    let bytes: [UInt8]
    let object: JSONObject

    /// The text of a member.
    func text(_ name: Text) -> String? { object[name]?.text }
  }

  /// The object at a path.
  ///
  /// - Parameters:
  ///   - segments: of the path; each is encoded.
  ///   - query: those that are nil are left out.
  /// - Throws: `CommandFailure` for any answer that is not one, with the contract's exit code.
  func get(_ segments: [String], _ query: [(String, String?)] = []) async throws -> Answer {
    let answer = try await answer(segments, query)
    guard (200..<300).contains(answer.status) else { throw Self.failure(answer) }
    return answer
  }

  /// The same, whatever the status.
  func answer(_ segments: [String], _ query: [(String, String?)] = []) async throws -> Answer {
    var url = base + segments.map { "/" + PercentCoding.encode($0) }.joined()
    let given = query.compactMap { name, value in
      value.map { "\(name)=\(PercentCoding.encode($0))" }
    }
    if !given.isEmpty { url += "?" + given.joined(separator: "&") }
    for _ in 0...APIClient.mostRedirects {
      let response = try await fetch(url)
      guard response.status == .temporaryRedirect,
        let next = response.headers.first(name: "Location")
      else { return try await read(response) }
      url = next
    }
    throw CommandFailure(.tryAgain, "the workers send us from one to another: \(url)")
  }

  private func fetch(_ url: String) async throws -> HTTPClientResponse {
    var request = HTTPClientRequest(url: url)
    if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
    do {
      return try await HTTPClient.shared.execute(request, timeout: APIClient.timeout)
    } catch {
      throw CommandFailure(.unavailable, "no worker answers at \(url): \(error)")
    }
  }

  private func read(_ response: HTTPClientResponse) async throws -> Answer {
    do {
      let body = try await response.body.collect(upTo: APIClient.largestAnswer)
      let bytes = Array(body.readableBytesView)
      guard case .object(let object) = try JSONParser().value(of: bytes, depth: 256) else {
        throw CommandFailure(.badData, "the answer is no JSON object; is this a worker?")
      }
      return Answer(status: Int(response.status.code), bytes: bytes, object: object)
    } catch let error as JSONError {
      throw CommandFailure(.badData, "the answer is not JSON: \(error.description)")
    }
  }

  private static func failure(_ answer: Answer) -> CommandFailure {
    let sentence = answer.text("detail") ?? answer.text("title") ?? "status \(answer.status)"
    return CommandFailure(code(of: answer.status), sentence)
  }

  private static func code(of status: Int) -> CommandFailure.Code {
    switch status {
    case 401, 403: .notAuthorised
    case 503: .tryAgain
    case 502, 504: .unavailable
    case 404, 410: .badData
    case 400..<500: .usage
    default: .fault
    }
  }
}
