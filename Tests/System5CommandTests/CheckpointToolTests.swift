import ArgumentParser
import Kafka
import System5Core
import System5Wire
import System5Worker
import Testing

@testable import system5

private func manifest(at position: Int64, _ rules: Rules = Rules()) throws -> CheckpointManifest {
  var encoder = try CheckpointEncoder(
    InputTopic.variety.emptyPartition(rules: rules), position: position)
  while encoder.nextChunk() != nil {}
  return try #require(encoder.manifest)
}

private func intact(at position: Int64) throws -> CheckpointPlace {
  CheckpointPlace(
    position: position, manifest: try manifest(at: position), writtenAt: 1_000, condition: .intact)
}

private func place(
  at position: Int64, _ condition: CheckpointPlace.Condition
) -> CheckpointPlace {
  CheckpointPlace(position: position, manifest: nil, writtenAt: nil, condition: condition)
}

@Suite struct ImportPlanTests {
  private func plan(
    at position: Int64 = 7, of count: Int32 = 4, rules: Rules = Rules(),
    _ permissions: ImportPlan.Permissions = .init(),
    _ change: (inout ImportPlan.Situation) throws -> Void = { _ in }
  ) throws -> ImportPlan {
    var situation = ImportPlan.Situation(
      partitionCount: 4, log: 0..<20, committed: 10,
      places: [], rules: Rules())
    try change(&situation)
    let shard = CheckpointFileHeader.Shard(
      manifest: try manifest(at: position, rules), partition: 2, partitionCount: count)
    return try ImportPlan(shard, situation, permissions)
  }

  private func refusal(_ body: () throws -> ImportPlan) throws -> CommandFailure {
    try #require(throws: CommandFailure.self) { _ = try body() }
  }

  @Test func whatFitsIsWritten() throws {
    let plan = try plan()
    #expect(!plan.isThere)
    #expect(!plan.setsOffset)
    #expect(plan.remarks.isEmpty)
    #expect(
      plan.line(isDry: true).hasPrefix("variety.events, partition 2: position 7, ")
        && plan.line(isDry: true).hasSuffix("would be written"))
    #expect(try self.plan(at: 10).setsOffset == false)
    #expect(try self.plan(at: 20, .init(setsOffsets: true)).setsOffset)
    #expect(try self.plan { $0.log = 7..<20 }.isThere == false)
    #expect(try self.plan(at: 0) { $0.committed = nil }.setsOffset == false)
  }

  @Test func whatDoesNotFitIsRefusedWithOneSentence() throws {
    var otherRules = Rules()
    otherRules.gapInterval = .minutes(9)
    let found = try [
      refusal { try plan(of: 3) },
      refusal { try plan(at: 21, .init(setsOffsets: true)) },
      refusal { try plan { $0.log = 8..<20 } },
      refusal { try plan(rules: otherRules) },
      refusal { try plan(at: 11) },
      refusal { try plan { $0.committed = nil } },
    ]
    let reasons = [
      "comes from a topic with 3 partitions, and here it has 4",
      "stands at 21, but the log here ends at 20", "stands at 7, but the log here begins at 8",
      "was made under other rules", "stands at 11, but the group has committed 10",
      "stands at 7, but the group has committed nothing",
    ]
    for (failure, reason) in zip(found, reasons) {
      #expect(failure.code == .configuration)
      #expect(
        failure.message.hasPrefix("the checkpoint of variety.events, partition 2 \(reason)"),
        "\(failure.message)")
    }
    #expect(try plan(rules: otherRules, .init(takesOtherRules: true)).isThere == false)
  }

  @Test func whatIsThereIsNotWrittenAgain() throws {
    let broken = place(at: 7, .faulty(.notAManifest("it is not.")))
    #expect(try plan { $0.places = [try intact(at: 7)] }.isThere)
    #expect(try plan { $0.places = [try intact(at: 9)] }.isThere == false)
    #expect(try plan { $0.places = [broken] }.isThere == false)
  }

  @Test func whatKeepsItFromBeingUsedIsSaid() throws {
    let later = try plan {
      $0.places = [place(at: 3, .faulty(.unknownVersion(2)))]
    }
    #expect(later.remarks == ["the one at 3 is of a later System5: a worker stops at it"])
    let newer = try intact(at: 9)
    #expect(
      try plan { $0.places = [newer] }.remarks
        == ["there is one at 9: a worker uses that one"])
    #expect(
      try plan {
        $0.places = [newer]
        $0.committed = 8
      }.remarks == ["there is one at 9, beyond the group's offset 8: a worker stops at it"])
  }
}

@Suite struct CheckpointEntryTests {
  private func states(
    _ places: [CheckpointPlace], committed: Int64?, rules: Rules = Rules()
  ) -> [String] {
    entries(places, committed: committed, rules: rules).map(\.state.rawValue)
  }

  private func entries(
    _ places: [CheckpointPlace], committed: Int64?, rules: Rules = Rules()
  ) -> [CheckpointEntry] {
    CheckpointEntry.entries(
      of: TopicPartition(topic: "p.variety.events", partition: 2), group: "g",
      committed: committed, places, rules: rules)
  }

  @Test func theOneThatAWorkerTakesIsMarked() throws {
    let both = try [intact(at: 5), intact(at: 9)]
    #expect(states(both, committed: 9) == ["spare", "used"])
    #expect(states(both, committed: 8) == ["used", "ahead"])
    #expect(states(both, committed: nil) == ["ahead", "ahead"])
    var rules = Rules()
    rules.gapInterval = .minutes(7)
    #expect(states(both, committed: 9, rules: rules) == ["other-rules", "other-rules"])
    #expect(
      states([try intact(at: 5), place(at: 9, .unfinished)], committed: 9)
        == ["used", "unfinished"])
    #expect(states([], committed: 9) == ["none"])
    let faults = [CheckpointError.unknownVersion(3), .notAManifest("no.")]
    #expect(
      states(
        zip([3, 5], faults).map { place(at: $0, .faulty($1)) }, committed: 9)
        == ["unknown-version", "broken"])
  }

  @Test func linesSayWhatThereIs() throws {
    let shown = try entries(
      [intact(at: 5), place(at: 8, .faulty(.unknownVersion(3)))], committed: 9)
    let first = shown[0].tableLine(now: 181_000).split(separator: " ").map(String.init)
    #expect(first[..<6] == ["p.variety.events-2", "g", "used", "5", "9", "1"])
    #expect(first.last == "3m")
    #expect(shown[1].tableLine(now: 0).contains("format version 3"))
    let json = String(decoding: shown[0].json.bytes, as: UTF8.self)
    #expect(
      json.hasPrefix(##"{"topic":"p.variety.events","partition":2,"group":"g","state":"used","##))
    #expect(json.contains(#""written_at":"1970-01-01T00:00:01"#))
    let other = String(decoding: shown[1].json.bytes, as: UTF8.self)
    #expect(other.contains(#""state":"unknown-version","intact":false,"position":8"#))
    #expect(other.contains(#""version":3"#))
  }

  @Test(arguments: [
    ["list", "--topic", "nonsense"], ["list", "--partition", "-1"], ["export"], ["import"],
    ["import", "f", "g"], ["list", "f"],
  ])
  func whatIsNoOptionIsRefused(arguments: [String]) {
    #expect(throws: (any Error).self) { try CheckpointCommand.parseAsRoot(arguments) }
  }
}
