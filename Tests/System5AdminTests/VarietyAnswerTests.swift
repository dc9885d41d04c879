import HTTPTypes
import System5Core
import System5Wire
import System5Worker
import Testing

@testable import System5Admin

@Suite struct VarietyAnswerTests {
  private func measured(
    _ values: [(String, Int64, Double)], role: String? = nil
  ) throws -> Knowledge {
    var knowledge = Knowledge()
    let role = role.map { ",\"role\":\"\($0)\"" } ?? ""
    for (source, second, value) in values {
      try knowledge.take(
        "variety.measured", #"{"source":"\#(source)","variety":\#(value)\#(role)}"#,
        second: second)
    }
    return knowledge
  }

  private func numbers(_ values: [JSONValue], _ name: Text) -> [Double] {
    values.compactMap { element in
      guard case .object(let object) = element, case .number(let number)? = object[name]
      else { return nil }
      return number.double
    }
  }

  @Test func historyComesPageByPageInOrder() async throws {
    // Several of one time, and a late one.
    let knowledge = try measured(
      [1, 2, 2, 2, 2, 3, 5, 4].enumerated().map { ("queue", $1, Double($0)) })
    try await serving(knowledge.board()) { client in
      let uri = "/v1/systems/acme/variety/queue/history"
      for limit in [1, 2, 3, 100] {
        let all = try await client.all(uri, "history", limit: limit)
        #expect(numbers(all, "variety") == [0, 1, 2, 3, 4, 5, 7, 6], "limit \(limit)")
      }
      let recent = try await client.get(uri + "?range=2")
      #expect(numbers(recent.list("history"), "variety") == [7, 6])
      #expect(recent["window"] == "2s")
    }
  }

  @Test func thinnedHistoryKeepsTheExtremesOfEachPart() async throws {
    let values = (1...3600).map { ("queue", Int64($0), Double($0 % 60)) }
    let knowledge = try measured(values + [("queue", 3600, 900), ("queue", 1801, -0)])
    try await serving(knowledge.board()) { client in
      let uri = "/v1/systems/acme/variety/queue/history?range=hour&points=20"
      let got = try await client.get(uri)
      let found = numbers(got.list("history"), "variety")
      #expect(found.count == 20)
      #expect(found.max() == 900)
      #expect(found.filter { $0 == 0 }.count == 10)
      let many = try await client.get(uri.replacing("points=20", with: "points=1000"))
      #expect(many.list("history").count <= 1000)
      #expect(try await client.get(uri + "&limit=3").problem == "bad-parameter")
      #expect(
        try await client.get(uri.replacing("points=20", with: "points=1")).problem
          == "bad-parameter")
      let all = try await client.get(
        uri.replacing("range=hour&points=20", with: "range=9&points=20"))
      #expect(numbers(all.list("history"), "variety") == [52, 53, 54, 55, 56, 57, 58, 59, 0, 900])
    }
  }

  @Test func totalsOverTimeAreEachSourcesLastValueByThen() async throws {
    let knowledge = try measured([
      ("market", 0, 10), ("teams", 600, 4), ("market", 1200, 20), ("external", 1800, 5),
      ("teams", 3600, 9),
    ])
    try await serving(knowledge.board()) { client in
      let got = try await client.get(
        "/v1/systems/acme/variety/requisite/history?range=hour&points=6")
      let history = got.list("history")
      #expect(numbers(history, "environmental_variety") == [10, 20, 25, 25, 25, 25])
      #expect(numbers(history, "system_variety") == [4, 4, 4, 4, 4, 9])
      let none = try await client.get("/v1/systems/other/variety/requisite/history")
      #expect(none.list("history").isEmpty && none.status == 200)
    }
  }

  @Test func namesOfRoutesAreNamesOfSourcesToo() async throws {
    let names = ["trends", "requisite", "amplifiers", "history", "by-id", "a/b", "ä b", "%2F", "."]
    let knowledge = try measured(names.map { ($0.replacing("\"", with: "\\\""), 1, 7) })
    try await serving(knowledge.board()) { (client) async throws in
      for name in names {
        let uri = "/v1/systems/acme/variety/by-id/\(PercentCoding.encode(name))"
        #expect(try await client.get(uri).text(of: "source") == name)
        #expect(try await client.get(uri + "/history").list("history").count == 1)
      }
      #expect(
        try await client.get("/v1/systems/acme/variety/a%2fb").text(of: "source") == "a/b")
    }
  }

  @Test func sourcesComeWithTheirThresholds() async throws {
    var knowledge = try measured([("queue", 1, 3)])
    try knowledge.take("variety.threshold-set", #"{"source":"queue","threshold":9}"#)
    try knowledge.take(
      "variety.threshold-set", #"{"source":"watched","threshold":1,"direction":"below"}"#)
    try await serving(knowledge.board()) { client in
      let got = try await client.all("/v1/systems/acme/variety", "sources", limit: 1)
      #expect(got.count == 2)
      #expect(
        got.last
          == [
            "source": "watched", "role": "system",
            "thresholds": [
              ["source": "watched", "threshold": 1, "direction": "below", "for_seconds": 0]
            ],
          ])
      #expect(
        try await client.get("/v1/systems/acme/variety/watched").problem == "unknown-source")
      #expect(
        try await client.get("/v1/systems/acme/variety/requisite").problem == "not-measured")
    }
  }

  @Test func amplifiersAndAttenuatorsComeOneAfterTheOther() async throws {
    var knowledge = Knowledge()
    for id in ["b", "a"] {
      try knowledge.take(
        "variety.amplified", #"{"amplifier":"\#(id)","input_variety":2,"output_variety":3}"#)
      try knowledge.take(
        "variety.attenuated", #"{"attenuator":"\#(id)","input_variety":2,"output_variety":1}"#)
    }
    try await serving(knowledge.board()) { client in
      let uri = "/v1/systems/acme/variety/amplifiers"
      let got = try await client.get(uri)
      #expect(numbers(got.list("amplifiers"), "factor") == [1.5, 1.5])
      #expect(numbers(got.list("attenuators"), "factor") == [0.5, 0.5])
      let first = try await client.get(uri + "?limit=3")
      #expect(first.list("amplifiers").count == 2)
      #expect(first.list("attenuators").count == 1)
      let rest = try await client.get(
        uri + "?limit=3&cursor=\(first.text(of: "next_cursor") ?? "")")
      #expect(rest.list("amplifiers").isEmpty)
      #expect(rest.list("attenuators").count == 1)
      #expect(rest["next_cursor"] == .null)
    }
  }

  @Test func trendsAreOfTheWindowThatIsAskedFor() async throws {
    let knowledge = try measured((0..<20).map { ("queue", Int64($0) * 60, Double($0)) })
    try await serving(knowledge.board()) { client in
      let uri = "/v1/systems/acme/variety/trends"
      let got = try await client.get(uri)
      #expect(got.text(of: "window") == "hour")
      #expect(got.text(of: "overall_trend") == "increasing")
      let short = try await client.get(uri + "?range=60")
      #expect(short.text.contains("insufficient_data"))
      #expect(try await client.get("/v1/systems/other/variety/trends").problem == "unknown-system")
      for bad in ["fortnight", "0", "-5", "1.5", "99999999999", ""] {
        #expect(try await client.get(uri + "?range=\(bad)").problem == "bad-parameter")
      }
    }
  }

  @Test func firingAlertsAreToldFromThoseThatEnded() async throws {
    var knowledge = Knowledge()
    for (number, source) in ["a", "b"].enumerated() {
      try knowledge.take("variety.threshold-set", #"{"source":"\#(source)","threshold":1}"#)
      try knowledge.take("variety.measured", #"{"source":"\#(source)","variety":2}"#)
      if number == 0 {
        try knowledge.take("variety.measured", #"{"source":"\#(source)","variety":0}"#, second: 9)
      }
    }
    try await serving(knowledge.board()) { client in
      let uri = "/v1/systems/acme/alerts"
      #expect(try await client.get(uri).list("alerts").count == 2)
      #expect(try await client.get(uri + "?firing=true").list("alerts").count == 1)
      #expect(try await client.get(uri + "?firing=false").list("alerts").count == 1)
      let systems = try await client.get("/v1/statistics").list("systems")
      #expect(numbers(systems, "firing_alerts") == [1])
    }
  }
}
