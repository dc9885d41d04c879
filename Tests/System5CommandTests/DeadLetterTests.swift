import ArgumentParser
import System5Core
import System5Wire
import Testing

@testable import system5

@Suite struct DeadLetterTests {
  /// A dead letter as a worker writes it.
  private func letter(
    _ offset: Int64, partition: Int32 = 0, topic: String = "p.variety.events",
    code: RejectionCode = .notJSON, key: String? = "acme", headers: [RawHeader] = [],
    at place: Int64 = 0
  ) throws -> DeadLetterRecord {
    let original = RecordLine(
      topic: topic, timestampMilliseconds: 1_000 * offset, key: key.map { Array($0.utf8) },
      headers: headers, value: Array("{".utf8))
    let result = original.withRecord {
      DeadLetter.record(
        $0, at: Position(topicName: topic, partition: partition, offset: offset),
        because: Rejection(code, "Why."))
    }
    return try #require(
      DeadLetterRecord(
        RecordLine(
          topic: "p.dead-letters", partition: 1, offset: place,
          timestampMilliseconds: result.timestampMilliseconds, key: result.key,
          headers: result.headers, value: result.value)))
  }

  @Test(arguments: [
    ["list", "--code", "nonsense"], ["list", "--after", "noon"], ["redrive", "--batch", "0"],
    ["list", "--limit", "0"], ["list", "--execute"],
  ])
  func whatIsNoOptionIsRefused(arguments: [String]) {
    #expect(throws: (any Error).self) { try DeadLettersCommand.parseAsRoot(arguments) }
  }

  @Test func aLetterSaysWhatItWas() throws {
    let letter = try letter(17, partition: 3, at: 5)
    #expect(letter.origin.position.text == "p.variety.events-3@17")
    #expect(letter.position.text == "p.dead-letters-1@5")
    #expect(letter.origin.timestamp == 17_000)
    #expect(letter.tableLine.contains("not-json"))
    #expect(DeadLetterRecord(RecordLine(topic: "p.dead-letters")) == nil)
  }

  @Test func filtersHoldTogether() throws {
    let one = try letter(17)
    let other = try letter(18, code: .badKey, key: nil)
    func chosen(_ filter: LetterFilter) -> [Bool] { [one, other].map(filter.contains) }
    #expect(chosen(LetterFilter()) == [true, true])
    #expect(chosen(LetterFilter(codes: ["bad-key"])) == [false, true])
    #expect(chosen(LetterFilter(key: Array("acme".utf8))) == [true, false])
    #expect(chosen(LetterFilter(topic: "p.policy.events")) == [false, false])
    #expect(chosen(LetterFilter(fromOffset: 18)) == [false, true])
    #expect(chosen(LetterFilter(untilOffset: 18)) == [true, false])
    #expect(chosen(LetterFilter(after: Timestamp(seconds: 18))) == [false, true])
    #expect(chosen(LetterFilter(before: Timestamp(seconds: 18))) == [true, false])
    #expect(chosen(LetterFilter(codes: ["bad-key"], untilOffset: 18)) == [false, false])
  }

  @Test func namesMayLeaveThePrefixOut() throws {
    for name in ["variety.events", "p.variety.events"] {
      let options = try LetterOptions.parse(["--topic", name])
      #expect(options.filter(prefix: "p.").topic == "p.variety.events")
    }
  }

  @Test func aLetterThatComesTwiceCountsOnce() throws {
    var selection = LetterSelection(LetterFilter(), limit: 2)
    #expect(selection.take(try letter(1, at: 0).line) != nil)
    #expect(selection.take(try letter(1, at: 1).line) == nil)
    #expect(!selection.isFull)
    #expect(selection.take(try letter(2, at: 2).line) != nil)
    #expect(selection.isFull)
    #expect(selection.take(try letter(3, at: 3).line) == nil)
  }

  @Test func recordsGoBackAsTheyWereInTheirOrder() throws {
    let headers = [RawHeader("trace", text: "1"), RawHeader("trace", nil)]
    let letters = [
      try letter(9, partition: 1), try letter(2, partition: 1, headers: headers, at: 7),
      try letter(30), try letter(1, partition: 9), try letter(1, topic: "elsewhere"),
    ]
    let plan = RedrivePlan(
      letters, partitionCounts: ["p.variety.events": 2], keepsTimestamps: false)
    #expect(plan.records.map(\.partition) == [0, 1, 1])
    #expect(plan.homeless.count == 2)
    let record = plan.records[1]
    #expect(record.topic == "p.variety.events")
    #expect(record.key == Array("acme".utf8))
    #expect(record.value == Array("{".utf8))
    #expect(record.offset == nil)
    #expect(record.timestampMilliseconds == nil)
    #expect(
      record.headers == headers + [RawHeader("__system5.redriven", text: "p.dead-letters-1@7")])
    let kept = RedrivePlan(
      letters, partitionCounts: ["p.variety.events": 2], keepsTimestamps: true)
    #expect(kept.records.map(\.timestampMilliseconds) == [30_000, 2_000, 9_000])
  }
}
