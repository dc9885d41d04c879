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

private func intact(_ slot: CheckpointSlot, at position: Int64) throws -> CheckpointPlace {
  CheckpointPlace(
    slot: slot, manifest: try manifest(at: position), writtenAt: 1_000, condition: .intact)
}

private func place(
  _ slot: CheckpointSlot, _ condition: CheckpointPlace.Condition
) -> CheckpointPlace {
  CheckpointPlace(slot: slot, manifest: nil, writtenAt: nil, condition: condition)
}

@Suite struct ImportPlanTests {
  private func plan(
    at position: Int64 = 7, of count: Int32 = 4, rules: Rules = Rules(),
    _ permissions: ImportPlan.Permissions = .init(),
    _ change: (inout ImportPlan.Situation) -> Void = { _ in }
  ) throws -> ImportPlan {
    var situation = ImportPlan.Situation(
      partitionCount: 4, log: 0..<20, committed: 10,
      places: [place(.a, .empty), place(.b, .empty)], rules: Rules())
    change(&situation)
    let shard = CheckpointFileHeader.Shard(
      manifest: try manifest(at: position, rules), partition: 2, partitionCount: count)
    return try ImportPlan(shard, situation, permissions)
  }

  private func refusal(_ body: () throws -> ImportPlan) throws -> CommandFailure {
    try #require(throws: CommandFailure.self) { _ = try body() }
  }

  @Test func whatFitsIsWritten() throws {
    let plan = try plan()
    #expect(plan.slot == .a)
    #expect(!plan.setsOffset)
    #expect(plan.remarks.isEmpty)
    #expect(
      plan.line(isDry: true).hasPrefix("variety.events, partition 2: position 7, ")
        && plan.line(isDry: true).hasSuffix("would be written to slot a"))
    #expect(try self.plan(at: 10).setsOffset == false)
    #expect(try self.plan(at: 20, .init(setsOffsets: true)).setsOffset)
    #expect(try self.plan { $0.log = 7..<20 }.slot == .a)
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
    #expect(try plan(rules: otherRules, .init(takesOtherRules: true)).slot == .a)
  }

  @Test func nothingNewerIsWrittenOver() throws {
    func slot(_ places: [CheckpointPlace]) throws -> CheckpointSlot? {
      try plan { $0.places = places }.slot
    }
    let broken = CheckpointPlace.Condition.faulty(.notAManifest("it is not."))
    let later = CheckpointPlace.Condition.faulty(.unknownVersion(2))
    #expect(try slot([intact(.a, at: 9), place(.b, .empty)]) == .b)
    #expect(try slot([intact(.a, at: 3), place(.b, broken)]) == .b)
    #expect(try slot([intact(.a, at: 9), intact(.b, at: 8)]) == .b)
    #expect(try slot([intact(.a, at: 5), intact(.b, at: 6)]) == .a)
    #expect(try slot([place(.a, later), place(.b, broken)]) == .b)
    #expect(try slot([place(.a, .unfinished), place(.b, broken)]) == .a)
    #expect(try slot([intact(.a, at: 7), place(.b, .empty)]) == nil)
  }

  @Test func whatKeepsItFromBeingUsedIsSaid() throws {
    let later = try plan {
      $0.places = [place(.a, .faulty(.unknownVersion(2))), place(.b, .empty)]
    }
    #expect(later.remarks == ["slot a is of a later System5: a worker stops at it"])
    let newer = try intact(.a, at: 9)
    #expect(
      try plan { $0.places = [newer, place(.b, .empty)] }.remarks
        == ["slot a stands at 9: a worker uses that one"])
    #expect(
      try plan {
        $0.places = [newer, place(.b, .empty)]
        $0.committed = 8
      }.remarks == ["slot a stands at 9, beyond the group's offset 8: a worker stops at it"])
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
    let both = try [intact(.a, at: 5), intact(.b, at: 9)]
    #expect(states(both, committed: 9) == ["spare", "used"])
    #expect(states(both, committed: 8) == ["used", "ahead"])
    #expect(states(both, committed: nil) == ["ahead", "ahead"])
    #expect(states(try [intact(.a, at: 5), intact(.b, at: 5)], committed: 9) == ["used", "spare"])
    var rules = Rules()
    rules.gapInterval = .minutes(7)
    #expect(states(both, committed: 9, rules: rules) == ["other-rules", "other-rules"])
    #expect(
      states([place(.a, .empty), place(.b, .unfinished)], committed: 9) == ["empty", "unfinished"])
    let faults = [CheckpointError.unknownVersion(3), .notAManifest("no.")]
    #expect(
      states(
        zip(CheckpointSlot.allCases, faults).map { place($0, .faulty($1)) }, committed: 9)
        == ["unknown-version", "broken"])
  }

  @Test func linesSayWhatThereIs() throws {
    let shown = try entries(
      [intact(.a, at: 5), place(.b, .faulty(.unknownVersion(3)))], committed: 9)
    let first = shown[0].tableLine(now: 181_000).split(separator: " ").map(String.init)
    #expect(first[..<7] == ["p.variety.events-2", "g", "a", "used", "5", "9", "1"])
    #expect(first.last == "3m")
    #expect(shown[1].tableLine(now: 0).contains("format version 3"))
    let json = String(decoding: shown[0].json.bytes, as: UTF8.self)
    #expect(json.hasPrefix(#"{"topic":"p.variety.events","partition":2,"group":"g","slot":"a","#))
    #expect(json.contains(#""written_at":"1970-01-01T00:00:01"#))
    let other = String(decoding: shown[1].json.bytes, as: UTF8.self)
    #expect(other.contains(#""state":"unknown-version","intact":false,"position":null"#))
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
