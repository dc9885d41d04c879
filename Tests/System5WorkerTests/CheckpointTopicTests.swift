import Kafka
import System5Core
import System5Testing
import System5Wire
import Testing

@testable import System5Worker

private let partition = TopicPartition(topic: "system5.variety.events", partition: 0)

/// A topic of checkpoints as it is written, record by record.
private struct Topic {
  private(set) var records: [(key: [UInt8], value: [UInt8]?)] = []

  mutating func add(_ key: CheckpointKey, of group: String = "g", _ value: [UInt8]?) {
    records.append((key.bytes(group: group), value))
  }

  mutating func add(_ record: CheckpointRecords.Record) {
    records.append((record.key, record.value))
  }

  mutating func write(
    at position: Int64, on shelf: ShelfState = ShelfState(), group: String = "g"
  ) throws {
    var content = CheckpointRecords(
      try encoder(at: position), at: position, on: shelf, group: group)
    while let record = content.next() { records.append((record.key, record.value)) }
  }

  func shelf(of group: String = "g") -> CheckpointShelf {
    var shelf = CheckpointShelf(group: group)
    for record in records {
      record.key.withUnsafeBytes { key in
        if let value = record.value {
          value.withUnsafeBytes { shelf.add(key: key, value: $0, timestamp: 7) }
        } else {
          shelf.add(key: key, value: nil)
        }
      }
    }
    return shelf
  }

  /// What a worker finds: the position, or nil, and why it passes others over.
  func answer(
    committed: Int64?, rules: Rules = Rules()
  ) -> (position: Int64?, rejections: [CheckpointRejection], shelf: ShelfState) {
    let load = shelf().answer(
      CheckpointRequest(
        number: 1, partition: partition, input: .variety, committed: committed, rules: rules))
    guard case .found(let found) = load.outcome else {
      return (nil, load.rejections, load.shelf)
    }
    return (found.position, load.rejections, load.shelf)
  }
}

/// The state after so many measurements.
private func state(after count: Int) throws -> any PartitionState {
  var state = InputTopic.variety.emptyPartition(rules: Rules())
  let decoder = EventDecoder(rules: Rules())
  var results: [ResultRecord] = []
  for number in 0..<count {
    let line =
      #"{"topic":"system5.variety.events","timestamp":"2026-01-01T00:00:00Z","key":"s","#
      + #""value":{"specversion":"1.0","id":"\#(number)","source":"/t","#
      + #""type":"system5.variety.measured","data":{"source":"queue","variety":\#(number)}}}"#
    try RecordLineCoder().parse(Array(line.utf8)).withRecord {
      _ = state.process(
        $0, at: Position(topicName: partition.topic, partition: 0, offset: Int64(number)),
        decoder: decoder, into: &results)
    }
  }
  return state
}

private func encoder(at position: Int64, chunkBytes: Int = 100) throws -> CheckpointEncoder {
  try CheckpointEncoder(
    state(after: Int(position)), position: position, chunkBytes: chunkBytes)
}

private func shelf(newest: Int64? = nil, _ chunkCounts: [Int64: Int64]) -> ShelfState {
  var shelf = ShelfState()
  shelf.newest = newest
  shelf.chunkCounts = chunkCounts
  return shelf
}

@Suite struct ShelfKeyTests {
  private func read(_ text: String) -> (group: String, key: CheckpointKey)? {
    Array(text.utf8).withUnsafeBytes { CheckpointKey.read($0) }
  }

  @Test(arguments: ["g", "a/b", "/", "3/manifest", "3/0", "", "gruppe é"])
  func keysOfAGroupAreReadBack(group: String) {
    for key in [CheckpointKey.manifest(at: 0), .chunk(at: 8, 0), .chunk(at: 8, 1_048_575)] {
      let bytes = key.bytes(group: group)
      let found = bytes.withUnsafeBytes { CheckpointKey.read($0) }
      #expect(found?.group == group)
      #expect(found?.key == key)
      #expect(bytes.withUnsafeBytes { CheckpointKey($0, group: group) } == key)
      #expect(bytes.withUnsafeBytes { CheckpointKey($0, group: group + "x") } == nil)
    }
  }

  @Test(arguments: [
    "", "g", "3/manifest", "g/c/manifest", "g/3/", "g/3/-1", "g/3/01", "g/3/+1", "g/3/1 ",
    "g/A/1", "g/3/1048576", "g/3/9223372036854775807", "g/3/99999999999999999999", "g/3/Manifest",
  ])
  func whatIsNoKeyIsNone(text: String) { #expect(read(text) == nil) }
}

@Suite struct ShelfRecordsTests {
  private func records(
    _ content: any CheckpointContent, at position: Int64, on shelf: ShelfState
  ) -> [CheckpointRecords.Record] {
    var records = CheckpointRecords(content, at: position, on: shelf, group: "g")
    var all: [CheckpointRecords.Record] = []
    while let record = records.next() { all.append(record) }
    return all
  }

  @Test func theManifestComesAfterTheChunksAndBeforeAnythingIsTakenAway() throws {
    let all = records(
      try encoder(at: 3), at: 3, on: shelf(newest: 2, [0: 1, 1: 2, 2: 4, 3: 9, 5: 2]))
    let manifest = try #require(all.firstIndex { $0.key == Array("g/3/manifest".utf8) })
    #expect(manifest > 1)
    let expected: [CheckpointKey] =
      (0..<Int64(manifest)).map { .chunk(at: 3, $0) } + [
        .manifest(at: 3), .manifest(at: 0), .chunk(at: 0, 0), .manifest(at: 1), .chunk(at: 1, 0),
        .chunk(at: 1, 1),
      ]
    #expect(all.map(\.key) == expected.map { $0.bytes(group: "g") })
    #expect(all.map { $0.value == nil }.firstIndex(of: true) == manifest + 1)
    #expect(all[(manifest + 1)...].allSatisfy { $0.value == nil })
    #expect(all.indices.filter { all[$0].awaitsOthers } == [manifest, manifest + 1])
  }

  @Test func contentThatIsNotWholeLeavesNoManifestAndTakesNothingAway() throws {
    struct Torn: CheckpointContent {
      var count = 0
      mutating func nextChunk() -> [UInt8]? {
        count += 1
        return count < 3 ? [1] : nil
      }
      var manifest: CheckpointManifest? { nil }
    }
    var records = CheckpointRecords(Torn(), at: 9, on: shelf([2: 4]), group: "g")
    var values: [[UInt8]?] = []
    while let record = records.next() { values.append(record.value) }
    #expect(values == [[1], [1]])
    #expect(records.manifest == nil)
  }
}

@Suite struct ShelfStateTests {
  @Test func twoAreKept() {
    var shelf = ShelfState()
    shelf.noteWritten(at: 5, chunkCount: 2)
    shelf.noteWritten(at: 9, chunkCount: 3)
    #expect(shelf.superseded(by: 12) == [5])
    shelf.noteWritten(at: 12, chunkCount: 1)
    #expect(shelf.chunkCounts == [9: 3, 12: 1])
    #expect(shelf.newest == 12)
  }

  @Test func whatFailedIsTakenAwayByTheNextThatIsWhole() {
    var shelf = ShelfState()
    shelf.noteWritten(at: 5, chunkCount: 2)
    shelf.noteFailed(at: 7, chunkCount: 4)
    #expect(shelf.newest == 5)
    #expect(shelf.superseded(by: 9) == [7])
    shelf.noteFailed(at: 5, chunkCount: 1)
    #expect(shelf.chunkCounts == [5: 2, 7: 4])
  }

  /// The next owner may have written it while we slept.
  @Test func nothingBeyondIsTakenAwayUnlessToldTo() {
    var shelf = shelf(newest: 5, [3: 1, 5: 1, 20: 1])
    #expect(shelf.superseded(by: 9) == [3])
    shelf.passesOver = true
    #expect(shelf.superseded(by: 9) == [3, 20])
  }
}

@Suite struct ShelfChoiceTests {
  private func both() throws -> Topic {
    var topic = Topic()
    try topic.write(at: 5)
    try topic.write(at: 9)
    return topic
  }

  @Test func theNewestAtOrBeforeTheCommitIsTaken() throws {
    let topic = try both()
    #expect(topic.answer(committed: 9).position == 9)
    #expect(topic.answer(committed: 9).shelf.newest == 9)
    #expect(topic.answer(committed: 100).position == 9)
    let older = topic.answer(committed: 8)
    #expect(older.position == 5)
    #expect(older.rejections == [.ahead(position: 9)])
    #expect(older.shelf.newest == 5)
    #expect(topic.answer(committed: 4).rejections == [.ahead(position: 9), .ahead(position: 5)])
    #expect(topic.answer(committed: nil).position == nil)
  }

  @Test func anEmptyTopicHasNothing() {
    let found = Topic().answer(committed: 9)
    #expect(found.position == nil)
    #expect(found.rejections == [])
    #expect(found.shelf == ShelfState())
  }

  @Test func aBrokenNewestFallsToTheOther() throws {
    var topic = try both()
    topic.add(.chunk(at: 9, 0), nil)
    let found = topic.answer(committed: 9)
    #expect(found.position == 5)
    #expect(found.shelf.newest == 5)
    guard case .broken(let reason) = found.rejections.first else {
      Issue.record("\(found.rejections)")
      return
    }
    #expect(reason.hasPrefix("The checkpoint is incomplete: 0 of"))
    topic.add(.chunk(at: 5, 1), [1, 2, 3])
    #expect(topic.answer(committed: 9).position == nil)
    #expect(topic.answer(committed: 9).rejections.count == 2)
  }

  @Test func checkpointsOfOtherGroupsAndStrangeRecordsAreIgnored() throws {
    var topic = try both()
    try topic.write(at: 7, group: "g/5")
    try topic.write(at: 6, group: "other")
    topic.add(.chunk(at: 9, 0), of: "", [1])
    #expect(topic.answer(committed: 9).position == 9)
    #expect(topic.shelf(of: "other").inspect(.variety, rules: Rules()).first?.intact?.position == 6)
  }

  @Test func aManifestOfALaterProgramIsSaid() throws {
    var topic = try both()
    topic.add(.manifest(at: 9), Array(#"{"system5_checkpoint":2}"#.utf8))
    let found = topic.answer(committed: 9)
    #expect(found.position == 5)
    #expect(found.rejections == [.unknownVersion(2)])
  }

  @Test func aCheckpointOfOtherRulesIsNotTaken() throws {
    var rules = Rules()
    rules.gapInterval = .minutes(7)
    #expect(
      try both().answer(committed: 9, rules: rules).rejections
        == [.otherRules(position: 9), .otherRules(position: 5)])
  }

  @Test func aManifestUnderAnothersKeysIsNotTaken() throws {
    var topic = try both()
    let manifest = try #require(topic.records.last { $0.value != nil }?.value)
    topic.add(.manifest(at: 5), manifest)
    let found = topic.answer(committed: 8)
    #expect(found.position == nil)
    #expect(found.rejections.count == 2)
  }

  /// One that was suspended and goes on while its successor has written a newer one.
  @Test func aLateWriterTearsNobodysCheckpoint() throws {
    var topic = Topic()
    try topic.write(at: 2)
    try topic.write(at: 5)
    let known = topic.answer(committed: 5).shelf
    var late = CheckpointRecords(try encoder(at: 7), at: 7, on: known, group: "g")
    let firstChunk = late.next()
    topic.add(try #require(firstChunk))
    try topic.write(at: 9, on: topic.answer(committed: 8).shelf)
    while let record = late.next() { topic.add(record) }
    #expect(topic.answer(committed: 9).position == 9)
    #expect(topic.answer(committed: 8).position == 5)
    #expect(topic.shelf().chunkCounts.keys.sorted() == [5, 7, 9])
  }

  @Test func whatIsTakenAwayIsForgotten() throws {
    var topic = try both()
    try topic.write(at: 12, on: topic.answer(committed: 12).shelf)
    #expect(topic.shelf().chunkCounts.keys.sorted() == [9, 12])
  }

  @Test func allCanBeLookedAt() throws {
    var topic = try both()
    let whole = topic.shelf()
    let places = whole.inspect(.variety, rules: Rules())
    #expect(places.map(\.position) == [5, 9])
    #expect(places.map(\.condition) == [.intact, .intact])
    #expect(places.map { $0.intact?.position } == [5, 9])
    #expect(places.map(\.writtenAt) == [7, 7])
    #expect(Int64(whole.chunks(at: 9).count) == places[1].manifest?.chunkCount)
    #expect(whole.chunkCounts[9] == places[1].manifest?.chunkCount)

    topic.add(.manifest(at: 5), nil)
    topic.add(.chunk(at: 9, 1), nil)
    let damaged = topic.shelf()
    let rest = damaged.inspect(.variety, rules: Rules())
    #expect(rest[0].condition == .unfinished)
    #expect(rest[0].writtenAt == nil)
    guard case .faulty(.truncated) = rest[1].condition else {
      Issue.record("\(rest[1].condition)")
      return
    }
    #expect(rest[1].intact == nil)
    #expect(damaged.chunks(at: 9).count == 1)
    #expect(Topic().shelf().inspect(.variety, rules: Rules()).isEmpty)
    guard case .faulty(.wrongInput) = whole.inspect(.policy, rules: Rules())[0].condition else {
      Issue.record("a checkpoint of another topic was taken")
      return
    }
  }
}
