import HTTPTypes
import Hummingbird
import NIOCore
import System5Core
import System5Wire
import System5Worker
import Testing

@testable import System5Admin

@Suite struct GateTests {
  private func check(
    _ gate: HostGate, _ authority: String?, _ fields: HTTPFields = [:]
  ) -> Problem.Kind? {
    let request = HTTPRequest(
      method: .get, scheme: "http", authority: authority, path: "/", headerFields: fields)
    do {
      try gate.check(request)
      return nil
    } catch {
      return error.kind
    }
  }

  @Test func onlyKnownHostsAreAnswered() {
    let gate = HostGate(bound: "10.0.0.7", others: ["Worker-1.example", "fe80::1"])
    for good in [
      "10.0.0.7", "10.0.0.7:8085", "localhost", "LOCALHOST:9", "127.0.0.1:1", "[::1]:8085", "[::1]",
      "worker-1.EXAMPLE:80", "worker-1.example.", "[FE80::1]:1", "x.localhost",
    ] {
      #expect(check(gate, good) == nil, "\(good)")
    }
    for wrong in [
      "evil.example", "10.0.0.8", "localhost.evil.example", "evillocalhost", "127.0.0.2", "[::2]",
      "worker-1.example.evil", "0.0.0.0",
    ] {
      #expect(check(gate, wrong) == .misdirected, "\(wrong)")
    }
    for bad in ["", ":80", "localhost:x", "localhost:99999", "[::1", "[::1]x", "a:b:c"] {
      #expect(check(gate, bad) == .badHost, "\(bad)")
    }
    #expect(check(gate, nil) == .badHost)
    let second = HTTPFields([HTTPField(name: .host, value: "evil.example")])
    #expect(check(gate, "localhost", second) == .badHost)
  }

  @Test func aServerOnAllAddressesGoesByAnyOfThemButByNoName() {
    let gate = HostGate(bound: "0.0.0.0", others: [])
    #expect(check(gate, "10.1.2.3:8085") == nil)
    #expect(check(gate, "[2001:db8::1]:8085") == nil)
    #expect(check(gate, "evil.example") == .misdirected)
    #expect(check(gate, "10.1.2.3.evil") == .misdirected)
  }

  private func guarded(open: Set<String> = ["/livez", "/readyz", "/metrics"]) -> AdminConfiguration
  {
    var configuration = AdminConfiguration()
    configuration.token = BearerToken(Array("secret-1".utf8))
    configuration.open = open
    return configuration
  }

  @Test func aTokenIsNeededForAllButWhatIsOpen() async throws {
    let board = try Knowledge.generated(100, seed: 1).board()
    try await serving(board, guarded()) { client in
      for path in ["/v1/systems", "/v1/events", "/openapi.json", "/nope", "/v1/systems/a/policies"]
      {
        let got = try await client.get(path)
        #expect(got.problem == "unauthorised", "\(path)")
        #expect(got.headers[.wwwAuthenticate] == "Bearer realm=\"system5\"")
      }
      for wrong in [
        "Bearer secret-2", "Bearer secret-", "Bearer secret-11", "Bearer", "Bearer ", "secret-1",
        "Basic secret-1", "Bearer secret-1 x", "",
      ] {
        let got = try await client.get("/v1/systems", .get, [.authorization: wrong])
        #expect(got.status == 401, "\(wrong)")
      }
      for good in ["Bearer secret-1", "bearer secret-1", "BEARER  secret-1"] {
        #expect(try await client.get("/v1/systems", .get, [.authorization: good]).status == 200)
      }
      #expect(try await client.get("/livez").status == 200)
      #expect(try await client.get("/readyz").status == 200)
      #expect(try await client.get("/metrics").problem == "not-found")
    }
    try await serving(board, guarded(open: ["/livez"])) { client in
      let (live, ready) = try await (client.get("/livez"), client.get("/readyz"))
      #expect(live.status == 200 && ready.status == 401)
    }
  }

  @Test func anEmptyTokenIsNone() { #expect(BearerToken([]) == nil) }

  @Test func whatIsTooLargeIsTurnedAway() async throws {
    try await serving(Knowledge().board()) { client in
      let long = String(repeating: "x", count: 9000)
      #expect(try await client.get("/\(long)").problem == "target-too-long")
      #expect(try await client.get("/v1/systems?cursor=\(long)").problem == "target-too-long")
      let fields: HTTPFields = [.userAgent: String(repeating: "x", count: 17_000)]
      let got = try await client.get("/livez", .get, fields)
      #expect(got.problem == "headers-too-large")
      #expect(got.headers[.connection] == "close")
      let body = "{\"context\":{\"x\":\"\(String(repeating: "x", count: 70_000))\"}}"
      let large = try await client.get("/v1/systems/a/adaptations/similar", .post, body: body)
      #expect(large.problem == "body-too-large")
    }
  }

  @Test func everyAnswerTellsBrowsersToBeCareful() async throws {
    let page = PageFile(bytes: Array("<p>".utf8), contentType: "text/html", hash: "abc")
    try await serving(
      Knowledge().board(), guarded(), pages: { $0 == "/" || $0 == "/app.css" ? page : nil }
    ) { client in
      for path in ["/", "/livez", "/v1/systems"] {
        let got = try await client.get(path)
        #expect(got.headers[.xContentTypeOptions] == "nosniff")
        #expect(got.headers[.frameOptions] == "DENY")
        let policy = try #require(got.headers[.contentSecurityPolicy])
        #expect(policy.hasPrefix(path == "/" ? "default-src 'self'" : "default-src 'none'"))
        #expect(!policy.contains("unsafe"))
      }
      let got = try await client.get("/app.css")
      #expect(got.text == "<p>" && got.headers[.eTag] == "\"abc\"")
      let again = try await client.get("/app.css", .get, [.ifNoneMatch: "\"abc\""])
      #expect(again.status == 304 && again.bytes.isEmpty)
      #expect(try await client.get("/app.css", .post).problem == "unauthorised")
    }
  }
}
