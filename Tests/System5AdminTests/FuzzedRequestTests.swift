import Foundation
import HTTPTypes
import System5Core
import System5Testing
import System5Wire
import System5Worker
import Testing

@testable import System5Admin

/// Requests that nobody would send, the same for the same seed.
private struct RequestFuzzer {
  private var random: SplitMix64
  private let words = [
    "v1", "systems", "system-0", "policies", "policy-1", "versions", "1", "adaptations", "similar",
    "successful", "metrics", "variety", "trends", "requisite", "history", "amplifiers", "by-id",
    "alerts", "patterns", "statistics", "shards", "livez", "readyz", "openapi.json", "queue",
    "%2F", "%00", "..", ".", "", "%", "%C3%A4", "{system}", "💥", "*", "a b", "\\",
  ]
  private let parameters = [
    "limit", "cursor", "forward", "range", "points", "q", "type", "active", "after", "before",
    "threshold", "firing", "x",
  ]
  private let values = [
    "1", "0", "-1", "1000", "1001", "true", "false", "hour", "week", "99999999999999999999",
    "2026-11-23T08:00:00Z", "%ff", "+", "nan", "inf", "1e400", "0x10", "", "%00",
    "cG9saWNpZXMfcA", "aGlzdG9yeR8xNzk1NDIxMjgwMDAwMDAwHzE",
    "aGlzdG9yeR8tOTIyMzM3MjAzNjg1NDc3NTgwOB85MjIzMzcyMDM2ODU0Nzc1ODA3", "9223372036854775807",
  ]
  private let bodies = [
    "", "{}", "{\"context\":{}}", "{\"context\":{\"a\":1e308},\"limit\":1}", "[[[[", "null",
    "\u{0}",
    "{\"context\":{\"a\":[{}]},\"limit\":1000}",
  ]

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  mutating func next() -> (
    uri: String, method: HTTPRequest.Method, fields: HTTPFields, body: String?
  ) {
    var uri = ""
    // Half of them begin as a real one does.
    if chance(50) { uri = "/v1/systems/system-\(Int.random(in: 0..<4, using: &random))" }
    for _ in 0..<Int.random(in: 0...5, using: &random) { uri += "/" + pick(words) }
    if uri.isEmpty || chance(2) { uri = pick(["/", "*", "http://x/livez", "?", "//"]) }
    var mark = "?"
    while chance(50) {
      uri += "\(mark)\(pick(parameters))=\(pick(values))"
      mark = "&"
    }
    let method: HTTPRequest.Method = pick([.get, .get, .get, .head, .post, .put, .delete])
    var fields = HTTPFields()
    if chance(20) { fields[.ifNoneMatch] = pick(["*", "\"", "\"x\", W/\"y\"", ",,,", ""]) }
    if chance(10) { fields[.authorization] = pick(["Bearer", "Bearer x", "\t", "Basic eA=="]) }
    if chance(10) { fields[.accept] = pick(["*/*", "", ";q=", "text/html;q=0"]) }
    return (uri, method, fields, method == .post || chance(5) ? pick(bodies) : nil)
  }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }

  private mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int.random(in: 0..<choices.count, using: &random)]
  }
}

@Suite struct FuzzedRequestTests {
  /// How many; more for a long run by hand.
  private static let count =
    ProcessInfo.processInfo.environment["SYSTEM5_TEST_REQUESTS"].flatMap(Int.init) ?? 10_000

  @Test func everyRequestIsAnsweredOrRefusedCleanly() async throws {
    let knowledge = try Knowledge.generated(400, seed: 9)
    let before = knowledge.derived.canonicalText
    try await serving(knowledge.board()) { client in
      var fuzzer = RequestFuzzer(seed: 1)
      var statuses: [Int: Int] = [:]
      for number in 0..<FuzzedRequestTests.count {
        let (uri, method, fields, body) = fuzzer.next()
        let got = try await client.get(uri, method, fields, body: body)
        statuses[got.status, default: 0] += 1
        switch got.status {
        case 200, 304: #expect(got.status == 304 || method == .head || !got.bytes.isEmpty)
        case 400, 404, 405, 413, 414:
          #expect(
            method == .head || got["status"] == .number(JSONNumber(Int64(got.status))),
            "\(number): \(method) \(uri)")
        default: Issue.record("\(number): \(method) \(uri) gives \(got.status): \(got.text)")
        }
      }
      // That not all were refused for the same reason.
      for status in [200, 400, 404, 405] { #expect(statuses[status] ?? 0 > 50, "\(statuses)") }
    }
    #expect(knowledge.derived.canonicalText == before)
  }
}
