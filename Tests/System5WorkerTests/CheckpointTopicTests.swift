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

  mutating func write(_ content: any CheckpointContent, on shelf: ShelfState, group: String = "g") {
    var content = CheckpointRecords(content, on: shelf, group: group)
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

private func shelf(next slot: CheckpointSlot, over chunks: Int64 = 0) -> ShelfState {
  var shelf = ShelfState()
  shelf.next = slot
  shelf.chunkCounts = [slot: chunks]
  return shelf
}

@Suite struct ShelfKeyTests {
  private func read(_ text: String) -> (group: String, key: CheckpointKey)? {
    Array(text.utf8).withUnsafeBytes { CheckpointKey.read($0) }
  }

  @Test(arguments: ["g", "a/b", "/", "a/manifest", "a/0", "", "gruppe é"])
  func keysOfAGroupAreReadBack(group: String) {
    for key in [CheckpointKey.manifest(.a), .chunk(.b, 0), .chunk(.a, 1_048_575)] {
      let bytes = key.bytes(group: group)
      let found = bytes.withUnsafeBytes { CheckpointKey.read($0) }
      #expect(found?.group == group)
      #expect(found?.key == key)
      #expect(bytes.withUnsafeBytes { CheckpointKey($0, group: group) } == key)
      #expect(bytes.withUnsafeBytes { CheckpointKey($0, group: group + "x") } == nil)
    }
  }

  @Test(arguments: [
    "", "g", "a/manifest", "g/c/manifest", "g/a/", "g/a/-1", "g/a/01", "g/a/+1", "g/a/1 ",
    "g/A/1", "g/a/1048576", "g/a/9223372036854775807", "g/a/99999999999999999999", "g/a/Manifest",
  ])
  func whatIsNoKeyIsNone(text: String) { #expect(read(text) == nil) }
}

@Suite struct ShelfRecordsTests {
  @Test func theManifestComesLastAndTheRestOfALongerPredecessorIsCleared() throws {
    var records = CheckpointRecords(
      try encoder(at: 3), on: shelf(next: .b, over: 9), group: "g")
    var all: [CheckpointRecords.Record] = []
    while let record = records.next() { all.append(record) }
    let manifest = try #require(records.manifest)
    let count = Int(manifest.chunkCount)
    #expect(count > 1)
    #expect(count < 9)
    #expect(all.count == 1 + 9 + 1)
    let expected: [CheckpointKey] =
      [.manifest(.b)] + (0..<9).map { .chunk(.b, $0) } + [.manifest(.b)]
    #expect(all.map(\.key) == expected.map { $0.bytes(group: "g") })
    #expect(all.map { $0.value == nil }.firstIndex(of: true) == 0)
    #expect(all[1...count].allSatisfy { $0.value != nil })
    #expect(all[(count + 1)...9].allSatisfy { $0.value == nil })
    #expect(all[10].value == manifest.line)
    #expect(all.map(\.isManifest) == Array(repeating: false, count: 10) + [true])
  }

  @Test func contentThatIsNotWholeLeavesNoManifest() throws {
    struct Torn: CheckpointContent {
      var count = 0
      mutating func nextChunk() -> [UInt8]? {
        count += 1
        return count < 3 ? [1] : nil
      }
      var manifest: CheckpointManifest? { nil }
    }
    var records = CheckpointRecords(Torn(), on: shelf(next: .a, over: 4), group: "g")
    var values: [[UInt8]?] = []
    while let record = records.next() { values.append(record.value) }
    #expect(values == [nil, [1], [1], nil, nil])
    #expect(records.manifest == nil)
  }
}

@Suite struct ShelfChoiceTests {
  private func both() throws -> Topic {
    var topic = Topic()
    topic.write(try encoder(at: 5), on: shelf(next: .a))
    topic.write(try encoder(at: 9), on: shelf(next: .b))
    return topic
  }

  @Test func theNewestAtOrBeforeTheCommitIsTaken() throws {
    let topic = try both()
    #expect(topic.answer(committed: 9).position == 9)
    #expect(topic.answer(committed: 9).shelf.next == .a)
    #expect(topic.answer(committed: 100).position == 9)
    let older = topic.answer(committed: 8)
    #expect(older.position == 5)
    #expect(older.rejections == [.ahead(position: 9)])
    #expect(older.shelf.next == .b)
    #expect(topic.answer(committed: 4).rejections == [.ahead(position: 5), .ahead(position: 9)])
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
    topic.add(.chunk(.b, 0), nil)
    let found = topic.answer(committed: 9)
    #expect(found.position == 5)
    #expect(found.shelf.next == .b)
    guard case .broken(let reason) = found.rejections.first else {
      Issue.record("\(found.rejections)")
      return
    }
    #expect(reason.hasPrefix("The checkpoint is incomplete: 0 of"))
    topic.add(.chunk(.a, 1), [1, 2, 3])
    #expect(topic.answer(committed: 9).position == nil)
    #expect(topic.answer(committed: 9).rejections.count == 2)
  }

  @Test func checkpointsOfOtherGroupsAndStrangeRecordsAreIgnored() throws {
    var topic = try both()
    topic.write(try encoder(at: 7), on: shelf(next: .b), group: "g/a")
    topic.write(try encoder(at: 6), on: shelf(next: .b), group: "other")
    topic.add(.chunk(.b, 0), of: "", [1])
    #expect(topic.answer(committed: 9).position == 9)
    #expect(topic.shelf(of: "other").inspect(.variety, rules: Rules())[1].intact?.position == 6)
  }

  @Test func aManifestOfALaterProgramIsSaid() throws {
    var topic = try both()
    topic.add(.manifest(.b), Array(#"{"system5_checkpoint":2}"#.utf8))
    let found = topic.answer(committed: 9)
    #expect(found.position == 5)
    #expect(found.rejections == [.unknownVersion(2)])
  }

  @Test func aCheckpointOfOtherRulesIsNotTaken() throws {
    var rules = Rules()
    rules.gapInterval = .minutes(7)
    #expect(
      try both().answer(committed: 9, rules: rules).rejections
        == [.otherRules(position: 5), .otherRules(position: 9)])
  }

  @Test func bothPlacesCanBeLookedAt() throws {
    var topic = try both()
    let whole = topic.shelf()
    let places = whole.inspect(.variety, rules: Rules())
    #expect(places.map(\.slot) == [.a, .b])
    #expect(places.map(\.condition) == [.intact, .intact])
    #expect(places.map { $0.intact?.position } == [5, 9])
    #expect(places.map(\.writtenAt) == [7, 7])
    #expect(Int64(whole.chunks(of: .b).count) == places[1].manifest?.chunkCount)
    #expect(whole.chunkCounts[.b] == places[1].manifest?.chunkCount)

    topic.add(.manifest(.a), nil)
    topic.add(.chunk(.b, 1), nil)
    let damaged = topic.shelf()
    let rest = damaged.inspect(.variety, rules: Rules())
    #expect(rest[0].condition == .unfinished)
    #expect(rest[0].writtenAt == nil)
    guard case .faulty(.truncated) = rest[1].condition else {
      Issue.record("\(rest[1].condition)")
      return
    }
    #expect(rest[1].intact == nil)
    #expect(damaged.chunks(of: .b).count == 1)
    #expect(Topic().shelf().inspect(.variety, rules: Rules()).map(\.condition) == [.empty, .empty])
    guard case .faulty(.wrongInput) = whole.inspect(.policy, rules: Rules())[0].condition else {
      Issue.record("a checkpoint of another topic was taken")
      return
    }
  }
}
