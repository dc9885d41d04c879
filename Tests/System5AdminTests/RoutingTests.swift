import HTTPTypes
import System5Core
import System5Wire
import System5Worker
import Testing

@testable import System5Admin

@Suite struct RoutingTests {
  @Test func whatIsNotThereIsAProblem() async throws {
    try await serving(Knowledge().board()) { client in
      for path in [
        "/nope", "/v1", "/v1/", "/v1/systems/", "/v1/systems//policies", "/v1/systems/acme",
        "/v1/systems/acme/policies/", "//", "/v1/systems/acme/policies/p/", "/..", "/%00",
        "/v2/systems",
      ] {
        let got = try await client.get(path)
        #expect(got.problem == "not-found", "\(path): \(got.text)")
        #expect(got["status"] == 404)
        #expect(got.text(of: "title") != nil && got.text(of: "detail") != nil)
        #expect(got.text(of: "instance") == path)
      }
    }
  }

  @Test func aPathThatIsNotWellFormedIsRefused() async throws {
    try await serving(Knowledge().board()) { (client) async throws in
      for path in ["/v1/systems/%", "/v1/systems/%zz/policies", "/%ff%fe", "/v1/%E4"] {
        #expect(try await client.get(path).problem == "bad-request", "\(path)")
      }
      for path in [
        "/v1/systems/a%20b/policies", "/v1/systems/%C3%A4/alerts", "/v1/systems/a%2Fb/patterns",
      ] {
        #expect(try await client.get(path).problem == "unknown-system", "\(path)")
      }
      let long = String(repeating: "x", count: 129)
      #expect(try await client.get("/v1/systems/\(long)/alerts").problem == "unknown-system")
    }
  }

  @Test(arguments: ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"])
  func onlyReadingIsAllowed(method: String) async throws {
    let method = try #require(HTTPRequest.Method(method))
    try await serving(Knowledge().board()) { client in
      for path in ["/v1/systems", "/livez", "/v1/systems/acme/policies/p"] {
        let got = try await client.get(path, method)
        #expect(got.problem == "method-not-allowed")
        #expect(got.headers[.allow] == "GET, HEAD")
      }
      guard method != .post else { return }
      let similar = try await client.get("/v1/systems/acme/adaptations/similar", method)
      #expect(similar.headers[.allow] == "POST")
    }
  }

  @Test func headIsGetWithoutTheBody() async throws {
    let knowledge = try Knowledge.generated(500, seed: 1)
    try await serving(knowledge.board()) { client in
      for path in [
        "/livez", "/v1/systems", "/v1/systems/system-0/policies", "/nope", "/openapi.json",
      ] {
        let get = try await client.get(path)
        let head = try await client.get(path, .head)
        #expect(head.status == get.status)
        #expect(head.bytes.isEmpty)
        #expect(head.headers[.contentLength] == "\(get.bytes.count)")
        #expect(head.headers[.eTag] == get.headers[.eTag])
      }
    }
  }

  @Test func parametersAreKnownAndGood() async throws {
    try await serving(Knowledge().board()) { client in
      for query in [
        "limit=0", "limit=1001", "limit=-1", "limit=", "limit=1.5", "limit=٣", "nope=1",
        "limit=1&limit=2", "active=yes", "after=yesterday", "before=2026-13-01T00:00:00Z",
        "cursor=!", "cursor=QQ", "forward=1", "q=%ff", "%zz=1", "=1",
        "limit=99999999999999999999", "cursor=\(Cursor.encode("alerts", ["x"]))",
      ] {
        let got = try await client.get("/v1/systems/acme/policies?\(query)")
        #expect(got.problem == "bad-parameter", "\(query): \(got.text)")
      }
      for query in [
        "", "&", "limit=1000", "q=a+b%20c", "cursor=", "cursor=\(Cursor.encode("policies", ["x"]))",
      ] {
        #expect(
          try await client.get("/v1/systems/acme/policies?\(query)").status == 200, "\(query)")
      }
      #expect(try await client.get("/livez?x=1").problem == "bad-parameter")
    }
  }

  @Test func whatHasNotChangedIsNotSentAgain() async throws {
    var knowledge = try Knowledge.generated(500, seed: 1)
    let board = knowledge.board()
    let uri = "/v1/systems/system-0/policies?limit=5"
    let tag = try await serving(board) { client in
      let got = try await client.get(uri)
      let tag = try #require(got.headers[.eTag])
      #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
      for field in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
        let again = try await client.get(uri, .get, [.ifNoneMatch: field])
        #expect(again.status == 304)
        #expect(again.bytes.isEmpty)
        #expect(again.headers[.eTag] == tag && again.headers[.position] != nil)
      }
      for other in [
        uri.replacing("5", with: "6"), "/v1/systems/system-1/policies?limit=5",
        "/v1/systems/system-0/policies",
      ] {
        #expect(try await client.get(other, .get, [.ifNoneMatch: tag]).status == 200)
      }
      #expect(try await client.get(uri + "&forward=true").headers[.eTag] == tag)
      return tag
    }
    try knowledge.take("policy.stored", #"{"policy":"new","data":{}}"#, system: "system-0")
    knowledge.put(on: board)
    try await serving(board) { (client) async throws in
      #expect(try await client.get(uri, .get, [.ifNoneMatch: tag]).status == 200)
    }
  }

  @Test func percentCodingIsUndoneByteForByte() {
    for text in ["", "a/b", "ä ö", "%", "\u{1F}", "日本", "a%2Fb", "é"] {
      #expect(PercentCoding.decode(PercentCoding.encode(text)[...]) == Text(text))
    }
    for bad in ["%", "%2", "%zz", "%ff", "%C3", "%-1", "%+1"] {
      #expect(PercentCoding.decode(bad[...]) == nil, "\(bad)")
    }
  }
}
