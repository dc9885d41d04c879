import HTTPTypes
import System5Core
import System5Wire
import System5Worker
import Testing

@testable import System5Admin

@Suite struct AdaptationAnswerTests {
  private func knowledge() throws -> Knowledge {
    var knowledge = Knowledge()
    for (number, impact) in [0.9, 0.1, 0.9, 0.5].enumerated() {
      try knowledge.take(
        "adaptation.outcome-recorded",
        """
        {"adaptation":"a\(number)","success":true,"performance_impact":\(impact),\
        "stability_impact":\(impact),"anomaly_context":{"type":"slow","load":\(number)},\
        "policy_changes":["x"],"domain":"web"}
        """, second: Int64(number))
    }
    return knowledge
  }

  private func ids(_ got: Got) -> [String] {
    got.list("adaptations").compactMap { element in
      guard case .object(let object) = element, case .string(let id)? = object["adaptation"]
      else { return nil }
      return id.string
    }
  }

  @Test func successfulOnesComeByEffectivenessAndThenById() async throws {
    try await serving(knowledge().board()) { client in
      let root = "/v1/systems/acme/adaptations/successful"
      #expect(ids(try await client.get(root)) == ["a0", "a2", "a3"])
      #expect(ids(try await client.get(root + "?threshold=0.9")) == ["a0", "a2"])
      let all = try await client.all(root + "?threshold=0", "adaptations", limit: 1)
      #expect(all.count == 4)
      #expect(try await client.get(root + "?threshold=1.5").problem == "bad-parameter")
      #expect(try await client.get(root + "?threshold=nan").problem == "bad-parameter")
    }
  }

  @Test func likeContextsComeFirst() async throws {
    try await serving(knowledge().board()) { client in
      let root = "/v1/systems/acme/adaptations/similar"
      let body = #"{"context":{"type":"slow","load":3},"limit":2}"#
      let got = try await client.get(root, .post, body: body)
      #expect(ids(got) == ["a3", "a2"])
      guard case .object(let first)? = got.list("adaptations").first else {
        Issue.record("\(got.text)")
        return
      }
      #expect(first["similarity"] == 1)
      let elsewhere = try await client.get(
        "/v1/systems/nobody/adaptations/similar", .post, body: body)
      #expect(elsewhere.list("adaptations").isEmpty)
    }
  }

  @Test(arguments: [
    "", "null", "[]", "{}", "{", #"{"context":1}"#, #"{"context":{},"limit":0}"#,
    #"{"context":{},"limit":1.5}"#, #"{"context":{},"more":1}"#, #"{"context":{},"limit":"1"}"#,
    "{\"context\":" + String(repeating: "[", count: 70),
  ])
  func aBadBodyIsRefused(body: String) async throws {
    try await serving(knowledge().board()) { client in
      let got = try await client.get("/v1/systems/acme/adaptations/similar", .post, body: body)
      #expect(got.problem == "bad-body", "\(got.text)")
    }
  }

  @Test func namesOfRoutesAreNamesOfAdaptationsToo() async throws {
    var knowledge = Knowledge()
    for id in ["metrics", "successful", "similar", "by-id"] {
      try knowledge.take(
        "adaptation.stored",
        #"{"adaptation":"\#(id)","anomaly_context":{},"policy_changes":[]}"#)
    }
    try await serving(knowledge.board()) { client in
      let root = "/v1/systems/acme/adaptations"
      for id in ["metrics", "successful", "similar", "by-id"] {
        let got = try await client.get("\(root)/by-id/\(id)")
        #expect(got.text(of: "adaptation") == id)
      }
      #expect(try await client.get("\(root)/similar").problem == "method-not-allowed")
      #expect(try await client.get("\(root)/metrics")["total_adaptations"] == 4)
    }
  }

  @Test func metricsOfASystemThatHasNotLearnt() async throws {
    try await serving(Knowledge().board()) { client in
      let got = try await client.get("/v1/systems/acme/adaptations/metrics")
      #expect(
        got.text
          == #"{"total_adaptations":0,"total_patterns":0,"overall_success_rate":1,"domains":{}}"#)
      #expect(
        try await client.get("/v1/systems/acme/adaptations/a").problem == "unknown-adaptation")
    }
  }
}
