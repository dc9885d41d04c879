import ArgumentParser
import Kafka
import System5Core
import System5Wire
import Testing

@testable import system5

@Suite struct ReplayTests {
  @Test(arguments: [
    ["--diff"], ["--to-live-topics"], ["--json"], ["--verify", "--output", "x"],
    ["--diff", "--verify", "--rules", "r"], ["--output", "x", "--to-prefix", "y."],
    ["--to-prefix", ""], ["--topic", "alerts"], ["--partition", "-1"], ["--from", "-1"],
    ["--from", "yesterday"], ["--until", "1"],
    ["--from", "2026-11-23T08:00:00Z", "--until", "2026-11-23T08:00:00Z"],
  ])
  func whatDoesNotGoTogetherIsRefused(arguments: [String]) {
    #expect(throws: (any Error).self) { try ReplayCommand.parse(arguments) }
  }

  @Test(arguments: [
    [], ["--diff", "--rules", "r", "--json"], ["--verify", "--json"], ["--from", "12"],
    ["--to-prefix", "other.", "--to-live-topics"], ["--until", "2026-11-23"],
    ["--from", "2026-11-23T08:00:00Z", "--until", "2026-11-23T09:00:00Z", "--topic", "policy"],
  ])
  func whatGoesTogetherIsTaken(arguments: [String]) throws {
    _ = try ReplayCommand.parse(arguments)
  }

  @Test func thePrefixInUseIsNoTargetUnlessMeant() throws {
    let settings = try Settings(layers: [.standard: SettingsSources.defaults])
    let refused = try ReplayCommand.parse(["--to-prefix", "system5."])
    #expect(throws: CommandFailure.self) { try refused.checkTarget(settings) }
    try ReplayCommand.parse(["--to-prefix", "system5.", "--to-live-topics"]).checkTarget(settings)
    try ReplayCommand.parse(["--to-prefix", "again."]).checkTarget(settings)
    let bad = try ReplayCommand.parse(["--to-prefix", "a b"])
    #expect(throws: CommandFailure.self) { try bad.checkTarget(settings) }
  }

  @Test func aTimeStandsForTheFirstRecordAtOrAfterIt() throws {
    // The record at 2 comes late: it lies behind the first one of the range, so it is in it.
    let lines = [0, 5, 3, 7, 9].enumerated().map { offset, minute in
      Scene.alerts.line(Int64(offset), "variety.measured", "{}", minute: Int64(minute))
    }
    let start = try #require(EmitTime.parse("2026-11-23T08:05:00Z"))
    let end = try #require(EmitTime.parse("2026-11-23T08:07:00Z"))
    var gate = LogRange.Gate(LogRange(start: .time(start), end: end))
    #expect(lines.map { gate.place(of: $0) } == [.before, .inside, .inside, .after, .after])
    #expect(gate.offsets(endingAt: 5) == 1..<3)
  }

  @Test func offsetsAndTheBeginningStandForThemselves() {
    let line = Scene.alerts.line(7, "variety.measured", "{}")
    var late = LogRange.Gate(LogRange(start: .offset(8)))
    #expect(late.place(of: line) == .before)
    #expect(late.offsets(endingAt: 8).isEmpty)
    var all = LogRange.Gate(LogRange())
    #expect(all.place(of: line) == .inside)
    #expect(all.offsets(endingAt: 8) == 0..<8)
  }

  @Test func partitionsAreChosenInAFixedOrder() throws {
    let present = ["variety", "policy", "adaptation"].flatMap { topic in
      [2, 0, 1].map { TopicPartition(topic: "p.\(topic).events", partition: $0) }
    }
    let all = try InputChoice().chosen(of: present, prefix: "p.")
    #expect(all.count == 9)
    #expect(all.first?.partition == TopicPartition(topic: "p.adaptation.events", partition: 0))
    #expect(all.last?.partition == TopicPartition(topic: "p.variety.events", partition: 2))
    let one = InputChoice(inputs: [.policy], partitions: .ofKey(Array("acme".utf8)))
    let place = Array("acme".utf8).withUnsafeBytes { Murmur2.partition($0, count: 3) }
    #expect(try one.chosen(of: present, prefix: "p.").map(\.partition.partition) == [place])
    let beyond = InputChoice(partitions: .numbers([1, 3]))
    #expect(throws: CommandFailure.self) { try beyond.chosen(of: present, prefix: "p.") }
  }

  @Test func aLogWithoutItsBeginningEndsWithASentence() throws {
    let slice = LogSlice(
      partition: TopicPartition(topic: "variety.events", partition: 2), start: 17, end: 20)
    let failure = #expect(throws: CommandFailure.self) {
      try InputLog.judgeStart(of: slice, acceptsTruncated: false)
    }
    #expect(failure?.code == .configuration)
    #expect(failure?.message.contains("begins at offset 17") == true)
    try InputLog.judgeStart(of: slice, acceptsTruncated: true)
  }

  @Test func systemsAreToldByTheirKeys() {
    let acme = SystemChoice(["acme"])
    #expect(acme.contains(key: Array("acme/1".utf8), isDeadLetter: false))
    #expect(acme.contains(key: Array("acme".utf8), isDeadLetter: false))
    #expect(!acme.contains(key: Array("acme-2/1".utf8), isDeadLetter: false))
    #expect(!acme.contains(key: Array("acme/1".utf8), isDeadLetter: true))
    #expect(!acme.contains(key: nil, isDeadLetter: true))
    #expect(SystemChoice().contains(key: nil, isDeadLetter: true))
  }

  @Test func progressSaysWhatIsLeft() {
    #expect(ProgressLine.line("records", 1024, of: 4096, after: 2).hasSuffix("512/s, 6 s left"))
    #expect(ProgressLine.line("records", 1024, of: nil, after: 2) == "1024 records, 512/s")
  }
}
