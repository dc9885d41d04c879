import HTTPTypes
import Kafka
import System5Core
import System5Wire
import System5Worker
import Testing

@testable import System5Admin

/// Whatever the routes answer is what `derive --state` writes for the same records.
@Suite struct StateAnswerTests {
  private func encode(_ text: Text) -> String { PercentCoding.encode(text.string) }

  private func members(_ value: JSONValue?) -> [JSONObject.Member] {
    if case .object(let object)? = value { object.members } else { [] }
  }

  @Test(arguments: [1, 2] as [UInt64])
  func everyObjectIsTheOneOfDerive(seed: UInt64) async throws {
    let knowledge = try Knowledge.generated(3000, seed: seed)
    let derived = knowledge.derived
    #expect(derived.members.count == 3)
    try await serving(knowledge.board()) { client in
      for system in derived.members {
        let root = "/v1/systems/\(system.name)"
        guard case .object(let state) = system.value else { continue }
        for policy in members(state["policies"]) {
          let got = try await client.get("\(root)/policies/\(encode(policy.name))")
          let isActive = members(policy.value).contains { $0.name == "active" && $0.value == true }
          if isActive {
            #expect(got.text == got.object.canonicalText || got.status == 200)
            #expect(.object(got.object) == policy.value)
          } else {
            #expect(got.problem == "policy-deleted")
          }
        }
        for adaptation in members(state["adaptations"]) {
          let got = try await client.get("\(root)/adaptations/\(encode(adaptation.name))")
          #expect(.object(got.object) == adaptation.value)
        }
        for source in members(members(state["variety"]).first { $0.name == "sources" }?.value) {
          let got = try await client.get("\(root)/variety/\(encode(source.name))")
          #expect(.object(got.object) == source.value)
        }
        let requisite = members(state["variety"]).first { $0.name == "requisite" }?.value
        let got = try await client.get("\(root)/variety/requisite")
        #expect(.object(got.object) == requisite)
      }
    }
  }

  @Test(arguments: [1, 7, 1000])
  func everyListIsTheOneOfDeriveWhateverThePages(limit: Int) async throws {
    let knowledge = try Knowledge.generated(limit == 1 ? 600 : 3000, seed: 3)
    try await serving(knowledge.board()) { client in
      for system in knowledge.derived.members {
        let root = "/v1/systems/\(system.name)"
        for (list, id) in [
          ("policies", "policy"), ("adaptations", "adaptation"), ("alerts", "alert"),
          ("patterns", "pattern"),
        ] as [(Text, Text)] {
          let all = try await client.all("\(root)/\(list)", list, limit: limit)
          let expected = members(members(system.value).first { $0.name == list }?.value)
          #expect(all == expected.map(\.value), "\(root)/\(list)")
          #expect(!all.isEmpty || list == "alerts" || list == "patterns")
          #expect(all.allSatisfy { members($0).contains { $0.name == id } })
        }
      }
      let systems = try await client.all("/v1/systems", "systems", limit: limit)
      #expect(systems.count == 3)
    }
  }

  @Test func answersNameThePositionTheyHoldFor() async throws {
    var knowledge = Knowledge()
    try knowledge.take("policy.stored", #"{"policy":"p","data":{}}"#, system: "acme")
    let shard = try #require(knowledge.reports.first { $0.knows("acme") })
    try await serving(knowledge.board()) { client in
      let position = "\(shard.partition.topic)-\(shard.partition.partition)@1"
      let one = try await client.get("/v1/systems/acme/policies/p")
      #expect(one.headers[.position] == position)
      let list = try await client.get("/v1/systems/acme/policies")
      #expect(list.headers[.position] == position)
      #expect(
        list["position"] == [
          "topic": .string(Text(shard.partition.topic)),
          "partition": .number(JSONNumber(Int64(shard.partition.partition))), "offset": 1,
        ])
      let none = try await client.get("/v1/systems/acme/policies/q")
      #expect(none.problem == "unknown-policy")
      #expect(none.headers[.position] == position)
    }
  }

  @Test func filtersAreThoseOfTheStore() async throws {
    var knowledge = Knowledge()
    for (number, type) in ["a", "b", "a"].enumerated() {
      try knowledge.take(
        "policy.stored", #"{"policy":"p\#(number)","data":{"type":"\#(type)"}}"#,
        second: Int64(number) * 60)
    }
    try knowledge.take("policy.deleted", #"{"policy":"p2"}"#, second: 200)
    let expected = [
      "": ["p0", "p1", "p2"], "?active=true": ["p0", "p1"], "?active=false": ["p2"],
      "?type=a": ["p0", "p2"], "?q=P1": ["p1"], "?after=2026-11-23T08:01:00Z": ["p1", "p2"],
      "?before=2026-11-23T08:01:00%2B00:00": ["p0"], "?type=a&active=true&limit=1": ["p0"],
      "?q=nothing": [],
    ]
    try await serving(knowledge.board()) { client in
      for (query, ids) in expected {
        let got = try await client.get("/v1/systems/acme/policies\(query)")
        #expect(
          got.list("policies").compactMap { members($0).first { $0.name == "policy" }?.value }
            == ids.map { .string(Text($0)) }, "\(query): \(got.text)")
      }
    }
  }

  @Test func versionsAreListedAndShownOneByOne() async throws {
    var knowledge = Knowledge()
    for number in 1...12 {
      try knowledge.take("policy.stored", #"{"policy":"a/b","data":{"n":\#(number)}}"#)
    }
    try await serving(knowledge.board()) { client in
      let root = "/v1/systems/acme/policies/a%2Fb"
      let all = try await client.all("\(root)/versions", "versions", limit: 3)
      #expect(all.count == 10)
      let last = try await client.get("\(root)/versions/12")
      #expect(.object(last.object) == all.last)
      #expect(last["previous_version"] == 11)
      #expect(try await client.get("\(root)/versions/1").problem == "version-not-found")
      #expect(try await client.get("\(root)/versions/x").problem == "version-not-found")
      #expect(try await client.get("/v1/systems/acme/policies/a/b").status == 404)
      let effectiveness = try await client.get("\(root)/effectiveness")
      #expect(effectiveness["effectiveness"] == 1)
      #expect(effectiveness.object.members.count == 6)
    }
  }

  @Test func aRecordInTheWrongPartitionIsFoundAllTheSame() async throws {
    for partition in 0..<Knowledge.partitions {
      var knowledge = Knowledge()
      try knowledge.take(
        "policy.stored", #"{"policy":"p","data":{}}"#, system: "stray", partition: partition)
      try await serving(knowledge.board()) { (client) async throws in
        #expect(try await client.get("/v1/systems/stray/policies/p").status == 200)
      }
    }
  }
}
