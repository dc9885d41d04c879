import Foundation
import System5Core
import System5Wire
import Testing

@testable import system5

@Suite struct TopicCheckTests {
  private let definitions = TopicDefinitions(topics: [
    .init(
      name: "policy.events", partitions: 4, partitionsOf: nil,
      config: ["cleanup.policy": "delete", "retention.ms": "-1"]),
    .init(
      name: "variety.events", partitions: 4, partitionsOf: nil,
      config: ["cleanup.policy": "delete", "retention.ms": "1209600000"]),
    .init(
      name: "variety.checkpoints", partitions: 4, partitionsOf: "variety.events",
      config: ["cleanup.policy": "compact", "max.message.bytes": "100"]),
  ])

  private func findings(
    partitions: Int? = nil, _ change: (inout [String: TopicPlan.Present]) -> Void = { _ in }
  ) -> [String] {
    var present = Dictionary(
      uniqueKeysWithValues: definitions.topics.map {
        ("p.\($0.name)", TopicPlan.Present(partitions: $0.partitions, config: $0.config))
      })
    change(&present)
    let check = TopicCheck(
      definitions, prefix: "p.", partitions: partitions, present: present, rules: Rules())
    return check.findings.map { "\($0.topic) \($0.problem)" }
  }

  @Test func whatIsAsDefinedOrMoreIsGood() {
    #expect(findings() == [])
    let more = findings { present in
      present["p.variety.events"]?.config["retention.ms"] = "-1"
      present["p.variety.checkpoints"]?.config["max.message.bytes"] = "1000"
    }
    #expect(more == [])
  }

  @Test func measurementsAreNeededAsLongAsTheirStoreKeepsThem() {
    func kept(_ days: Int64) -> [String] {
      findings { $0["p.variety.events"]?.config["retention.ms"] = "\(days * 86_400_000)" }
    }
    #expect(kept(7) == [])
    #expect(
      kept(6) == [
        "p.variety.events retention.ms is 518400000, less than the 604800000 that are needed"
      ])
  }

  @Test func whatIsMissingOrLessIsSaid() {
    #expect(findings { $0["p.policy.events"] = nil } == ["p.policy.events is missing"])
    #expect(
      findings { $0["p.policy.events"]?.config["retention.ms"] = "1" }
        == ["p.policy.events retention.ms is 1, and records must be kept for ever (-1)"])
    #expect(
      findings { $0["p.policy.events"]?.config["cleanup.policy"] = "compact" }
        == ["p.policy.events cleanup.policy is compact, not delete"])
    #expect(
      findings { $0["p.variety.checkpoints"]?.partitions = 3 }
        == ["p.variety.checkpoints has 3 partitions, not 4"])
    #expect(findings { $0["p.policy.events"]?.partitions = 8 } == [])
    #expect(
      findings(partitions: 4) { $0["p.policy.events"]?.partitions = 8 }
        == ["p.policy.events has 8 partitions, not 4"])
  }
}

@Suite struct RecordContractTests {
  private let contract = RecordContract(
    prefix: "system5.", partitionCounts: ["system5.variety.events": 4], rules: Rules())

  private func lines(_ name: String) throws -> [RecordLine] {
    let text = try String(
      contentsOfFile: Repository.file("topics/examples/\(name).jsonl"), encoding: .utf8)
    let coder = RecordLineCoder()
    return try text.split(separator: "\n").map { try coder.parse(Array($0.utf8)) }
  }

  private func event(
    _ data: String, source: String = "/a", partition: Int32 = 0
  ) -> RecordLine {
    RecordLine(
      topic: "system5.variety.events", partition: partition, offset: 7, timestampMilliseconds: 1,
      key: Array("acme".utf8),
      value: Array(
        #"{"specversion":"1.0","id":"1","source":"\#(source)","type":"system5.variety.measured","data":\#(data)}"#
          .utf8))
  }

  @Test(arguments: ["patterns", "policies", "requisite-variety", "thresholds", "trends"])
  func everyExampleIsGood(name: String) throws {
    let results = try lines("\(name).out")
    #expect(results.compactMap { contract.breach($0) } == [])
    let anywhere = RecordContract(prefix: "system5.", partitionCounts: [:], rules: Rules())
    let inputs = try lines("\(name).in")
    #expect(inputs.isEmpty == false)
    #expect(inputs.compactMap { anywhere.breach($0) } == [])
  }

  @Test func deadLettersAreKnownByTheirHeaders() throws {
    let letters = try lines("dead-letters.out")
    #expect(letters.compactMap { contract.breach($0) } == [])
    var bare = try #require(letters.first)
    bare.headers = []
    #expect(contract.breach(bare)?.code == "invalid-headers")
  }

  /// What the schemas require is what is looked for.
  @Test(arguments: OutputTopic.allCases)
  func aResultThatLacksAnythingRequiredIsFound(output: OutputTopic) throws {
    for (type, members) in ResultShape.required(output) {
      let name = "topics/schemas/\(type.dropFirst("system5.".count)).schema.json"
      let required = try schemaRequired(name)
      #expect(required.isSubset(of: members) && !required.isEmpty, "\(type)")
      for missing in members {
        let data = JSONObject(
          members.filter { $0 != missing }.map { JSONObject.Member(name: Text($0), value: 1) })
        let event: JSONValue = [
          "specversion": "1.0", "id": "1", "source": "/a", "subject": "s", "time": "t",
          "causationid": "c", "type": .string(Text(type)), "data": .object(data),
        ]
        let line = RecordLine(
          topic: "system5.\(output.rawValue)", value: Array(event.canonicalText.utf8))
        #expect(contract.breach(line)?.message == "`data` lacks `\(missing)`.")
      }
    }
  }

  /// The members of `data` that a schema, or what it refers to, requires.
  private func schemaRequired(_ path: String) throws -> Set<String> {
    func object(_ path: String) throws -> JSONObject {
      try JSONFile.object(at: Repository.file(path), as: "schema")
    }
    var data = try object(path)["properties"]?.object?["data"]?.object
    var required: Set<String> = []
    while let part = data {
      required.formUnion((part["required"]?.elements ?? []).compactMap(\.text))
      guard let reference = part["$ref"]?.text?.components(separatedBy: "#/$defs/") else { break }
      let file = try object("topics/schemas/\(reference[0])")
      data = reference.count > 1 ? file["$defs"]?.object?[Text(reference[1])]?.object : nil
    }
    return required
  }

  @Test func driftIsCountedByWhoSentIt() {
    var report = DriftReport()
    for line in [
      event(#"{"source":"s","variety":-1}"#), event(#"{"source":"s","variety":-2}"#),
      event(#"{"source":"s","variety":1}"#), event("{}", source: "/b"),
      RecordLine(topic: "system5.variety.events", partition: 0, offset: 9),
    ] {
      report.note(line, contract.breach(line))
    }
    #expect(report.sampled == 5)
    let found = report.drifts.sorted { $0.key < $1.key }
    #expect(found.map(\.key.source) == ["(unknown)", "/a", "/b"])
    #expect(found.map(\.key.code) == ["missing-key", "invalid-data", "invalid-data"])
    #expect(found.map(\.value.count) == [1, 2, 1])
    #expect(found[1].value.example.offset == 7)
    #expect(report.lines[1].contains("/a  invalid-data  2  system5.variety.events-0@7: "))
  }

  @Test func anotherPartitionerIsFound() {
    let good = (0..<4).filter {
      contract.breach(event(#"{"source":"s","variety":1}"#, partition: Int32($0))) == nil
    }
    #expect(good.count == 1)
    let bad = contract.breach(
      event(#"{"source":"s","variety":1}"#, partition: Int32((good[0] + 1) % 4)))
    #expect(bad?.code == "misrouted")
  }
}
