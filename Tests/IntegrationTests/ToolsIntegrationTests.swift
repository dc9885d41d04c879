import Foundation
import Kafka
import System5Core
import System5Testing
import System5Wire
import Testing

/// What reads the log again, against a real broker: replay, dead-letters and trace.
@Suite(.serialized, .enabled(if: Program.brokers != nil, "needs SYSTEM5_TEST_BROKERS"))
struct ToolsIntegrationTests {
  private func lines(
    _ count: Int, seed: UInt64, systems: Int = 8, malformedPercent: Int = 2
  ) -> [String] {
    var generator = EventGenerator(seed: seed, systems: systems)
    generator.malformedPercent = malformedPercent
    return (0..<count).map { _ in generator.next() }
  }

  /// Has a worker publish the results of some records.
  private func published(_ lines: [String]) throws -> Deployment {
    let deployment = try Deployment()
    try deployment.emit(lines)
    let worker = try deployment.startWorker()
    try deployment.waitUntilCommitted(try deployment.records(of: Deployment.inputs))
    #expect(try worker.stop() == 0, "\(deployment.log)")
    return deployment
  }

  @Test func replayGivesWhatDeriveGives() throws {
    let deployment = try Deployment()
    try deployment.emit(lines(3000, seed: 11))
    // Topics in the order of their names, as they are replayed.
    let inputs = try deployment.records(of: Deployment.inputs)
    let derived = try deployment.derive(inputs)
    let replayed = try deployment.tool(["replay"])
    #expect(replayed.status == 0, "\(replayed.errors)")
    #expect(replayed.lines.count > 100)
    #expect(replayed.output == derived)
    #expect(try deployment.tool(["replay"]).output == derived)

    let file = deployment.folder.path("replayed.jsonl")
    let written = try deployment.tool(["replay", "--output", file])
    #expect(written.output.isEmpty)
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == derived)
  }

  @Test func aPartOfTheLogGivesItsPartOfTheResults() throws {
    let deployment = try Deployment()
    try deployment.emit(lines(2000, seed: 12))
    let all = try deployment.tool(["replay", "--topic", "variety"])
    let late = try deployment.tool(["replay", "--topic", "variety", "--from", "100"])
    let allLines = Set(all.lines)
    #expect(!late.lines.isEmpty)
    #expect(late.lines.count < all.lines.count)
    #expect(late.lines.allSatisfy(allLines.contains), "the state is derived from the beginning")
    let parts = try (0..<4).map { partition in
      try deployment.tool(["replay", "--topic", "variety", "--partition", "\(partition)"]).output
    }
    #expect(parts.reduce(Data(), +) == all.output)
    let one = try deployment.tool(["replay", "--topic", "variety", "--system", "system-3"])
    #expect(!one.lines.isEmpty)
    #expect(
      one.lines
        == all.lines.filter { line in
          let text = String(decoding: line, as: UTF8.self)
          return text.contains("\"key\":\"system-3\"") || text.contains("\"key\":\"system-3/")
        })
    let nowhere = try deployment.tool(["replay", "--topic", "variety", "--partition", "4"])
    #expect(nowhere.status == 64)
  }

  @Test func replayPublishesUnderAnotherPrefix() throws {
    let deployment = try Deployment()
    try deployment.emit(lines(1000, seed: 13))
    let target = try Deployment()
    let refused = try deployment.tool(["replay", "--to-prefix", deployment.prefix])
    #expect(refused.status == 64)
    let done = try deployment.tool(["replay", "--to-prefix", target.prefix])
    #expect(done.status == 0, "\(done.errors)")
    let expected = try deployment.derived(from: deployment.records(of: Deployment.inputs))
    let found = try target.published(mayRepeat: false)
    #expect(found.count == expected.count)
    #expect(
      Set(found.map(\.content)) == Set(expected.map(\.content)))
    #expect(try deployment.records(of: Deployment.outputs).isEmpty)
  }

  @Test func verifyFindsOneForgedResult() throws {
    let deployment = try published(lines(2000, seed: 14))
    let equal = try deployment.tool(["replay", "--verify"])
    #expect(equal.status == 0, "\(equal.errors)\(String(decoding: equal.output, as: UTF8.self))")
    #expect(equal.output.isEmpty)
    #expect(equal.errors.contains("0 differences"))

    let alert = try #require(try deployment.records(of: ["alerts"]).first)
    let value = String(decoding: try #require(alert.value), as: UTF8.self)
    let event = try #require(
      try JSONSerialization.jsonObject(with: Data(value.utf8)) as? [String: Any])
    let id = try #require(event["id"] as? String)
    let line =
      "{\"topic\":\"\(deployment.prefix)alerts\",\"partition\":\(alert.topicPartition.partition),"
      + "\"timestamp\":\"2026-11-23T08:00:00Z\","
      + "\"key\":\"\(String(decoding: try #require(alert.key), as: UTF8.self))\","
      + "\"headers\":{\"content-type\":\"application/cloudevents+json; charset=UTF-8\"},"
      + "\"value\":\(value.replacingOccurrences(of: "\"episode\":", with: "\"episode\":9"))}"
    let file = try deployment.folder.write([line], to: "forged.jsonl")
    let emitted = try deployment.tool(["emit", file, "--keep-partitions"], group: false)
    try #require(emitted.status == 0, "\(emitted.errors)")

    let forged = try deployment.tool(["replay", "--verify"])
    #expect(forged.status == 1)
    let cause = try #require(id.split(separator: "#").first)
    let shown = String(decoding: forged.output, as: UTF8.self)
    #expect(shown.hasPrefix("\(cause): contradicting in \(deployment.prefix)alerts"))
    #expect(forged.errors.contains("1 difference"))
    let json = try deployment.tool(["replay", "--verify", "--json"])
    #expect(json.status == 1)
    #expect(json.lines.count == 1)
  }

  @Test func theCheckFindsWhoDoesNotKeepToTheContract() throws {
    let deployment = try published(lines(500, seed: 18, malformedPercent: 0))
    let good = try deployment.tool(["topics", "check"], group: false)
    #expect(good.status == 0, "\(good.errors)\(String(decoding: good.output, as: UTF8.self))")
    func measured(_ variety: Int, by source: String) -> String {
      "{\"topic\":\"system5.variety.events\",\"key\":\"acme\",\"value\":{\"specversion\":\"1.0\","
        + "\"id\":\"\(source)\(variety)\",\"source\":\"/\(source)\",\"time\":\"2026-11-23T08:00:00Z\","
        + "\"type\":\"system5.variety.measured\",\"data\":{\"source\":\"s\",\"variety\":\(variety)}}}"
    }
    try deployment.emit([
      measured(-1, by: "bad"), measured(-2, by: "bad"), measured(1, by: "good"),
    ])
    let bad = try deployment.tool(["topics", "check", "--json"], group: false)
    #expect(bad.status == 1, "\(bad.errors)")
    let drift = try #require(
      try JSONSerialization.jsonObject(with: bad.output) as? [String: Any])
    #expect(drift["source"] as? String == "/bad")
    #expect(drift["code"] as? String == "invalid-data")
    #expect(drift["count"] as? Int == 2)
    let unsampled = try deployment.tool(["topics", "check", "--samples", "0"], group: false)
    #expect(unsampled.status == 0)
    let elsewhere = try Program.run([
      "topics", "check", "--brokers", try #require(Program.brokers), "--prefix", "nowhere.",
    ])
    #expect(elsewhere.status == 1)
    #expect(elsewhere.lines.count == 11)
  }

  @Test func resultsOfWhatIsNotCommittedAreNotMissed() throws {
    let deployment = try published(lines(500, seed: 15))
    try deployment.emit(lines(500, seed: 16))
    let verified = try deployment.tool(["replay", "--verify"])
    #expect(verified.status == 0, "\(verified.errors)")
    #expect(verified.errors.contains("not committed yet"))
  }

  @Test func diffSaysWhatOtherRulesWouldChange() throws {
    let deployment = try Deployment()
    try deployment.emit(lines(2000, seed: 17, systems: 2))
    let same = try deployment.folder.write(["{}"], to: "same.json")
    let nothing = try deployment.tool(["replay", "--diff", "--rules", same])
    #expect(nothing.status == 0, "\(nothing.errors)")
    #expect(nothing.lines.count == 1)
    let other = try deployment.folder.write(["{\"min_occurrences\":5}"], to: "other.json")
    let diff = try deployment.tool(["replay", "--diff", "--rules", other])
    #expect(diff.status == 1, "\(diff.errors)")
    let kinds = Set(
      diff.lines.dropLast().map { line in
        String(decoding: line, as: UTF8.self).split(separator: " ")[1]
      })
    #expect(kinds == ["pattern"])
    let json = try deployment.tool(["replay", "--diff", "--rules", other, "--json"])
    #expect(json.status == 1)
    #expect(json.lines.count == diff.lines.count - 1)
    let line = try #require(json.lines.first)
    let first = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
    #expect(first["kind"] as? String == "pattern")
  }

  @Test func deadLettersGoBackOnlyWhenToldTo() throws {
    let deployment = try published(lines(400, seed: 18, malformedPercent: 20))
    let before = try deployment.records(of: Deployment.inputs)
    let listed = try deployment.tool(["dead-letters", "list", "--code", "not-json", "--json"])
    #expect(listed.status == 0, "\(listed.errors)")
    #expect(listed.lines.count > 3)
    let limited = try deployment.tool(["dead-letters", "list", "--limit", "2"])
    #expect(limited.lines.count == 2)

    let dry = try deployment.tool(["dead-letters", "redrive", "--code", "not-json", "--json"])
    #expect(dry.status == 0, "\(dry.errors)")
    #expect(dry.lines.count == listed.lines.count)
    #expect(try deployment.records(of: Deployment.inputs).count == before.count)

    let done = try deployment.tool(
      ["dead-letters", "redrive", "--code", "not-json", "--execute", "--batch", "2"])
    #expect(done.status == 0, "\(done.errors)")
    let all = try deployment.records(of: Deployment.inputs)
    let back = all.filter { $0.headers["__system5.redriven"] != nil }
    #expect(back.count == listed.lines.count)
    #expect(all.count == before.count + back.count)
    for record in back {
      #expect(!record.headers.keys.contains { $0.hasPrefix("__system5.errors.") })
      #expect(
        before.contains {
          $0.topicPartition == record.topicPartition && $0.key == record.key
            && $0.value == record.value
        })
      #expect(record.timestamp > Int64(Date().timeIntervalSince1970 * 1000) - 600_000)
    }

    // They are no better than before: the next worker refuses them again.
    let worker = try deployment.startWorker()
    try deployment.waitUntilCommitted(all)
    #expect(try worker.stop() == 0, "\(deployment.log)")
    let again = try deployment.tool(["dead-letters", "list", "--code", "not-json", "--json"])
    #expect(again.lines.count == 2 * listed.lines.count)
    #expect(try deployment.tool(["replay", "--verify"]).status == 0)
  }

  @Test func tracesAreTheSameFromTheLogAndFromAFile() throws {
    let deployment = try Deployment()
    try deployment.emit(lines(3000, seed: 19, systems: 1))
    let file = try deployment.inputFile(deployment.records(of: Deployment.inputs))
    let alert = try #require(
      try deployment.tool(["replay", "--topic", "variety"]).lines.compactMap { line in
        try Self.data(of: line)["alert"].flatMap { $0 as? String }
      }.first)
    let owner = try #require(
      try deployment.tool(["replay", "--topic", "variety"]).lines.compactMap { line in
        let data = try Self.data(of: line)
        return data["alert"] as? String == alert ? data["system"] as? String : nil
      }.first)
    for arguments in [
      ["policy", "system-0", "policy-7"], ["alert", owner, alert], ["alert", "system-0", "queue"],
      ["adaptation", "system-0", "adaptation-3"],
    ] {
      let log = try deployment.tool(["trace"] + arguments + ["--json"])
      #expect(log.status == 0, "\(log.errors)")
      #expect(!log.lines.isEmpty, "\(arguments)")
      let everywhere = try deployment.tool(["trace"] + arguments + ["--json", "--all-partitions"])
      #expect(everywhere.output == log.output)
      let read = try deployment.tool(["trace"] + arguments + ["--json", "--file", file])
      #expect(read.output == log.output)
    }
    let trail = try deployment.tool(["trace", "alert", owner, alert, "--json"]).lines
    #expect(
      trail.contains { String(decoding: $0, as: UTF8.self).contains("firing, episode 1") })
  }

  private static func data(of line: Data) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: line) as? [String: Any]
    let value = object?["value"] as? [String: Any]
    return value?["data"] as? [String: Any] ?? [:]
  }
}

extension Published {
  /// What it is apart from the deployment whose topics hold it.
  fileprivate var content: [String] {
    [
      id, "\(partition)", topic.split(separator: ".").last.map(String.init) ?? "",
      key.map { String(decoding: $0, as: UTF8.self) } ?? "null",
      value.map { String(decoding: $0, as: UTF8.self) } ?? "null",
    ]
  }
}
