import System5Core
import System5Wire
import Testing

@testable import system5

@Suite struct VerifyTests {
  private let parser = JSONParser()

  private func target(
    isTruncated: Bool = false, isCompacted: Bool = false
  ) -> (OutputKind) -> ShardVerification.Target {
    { kind in
      ShardVerification.Target(
        topic: kind.suffix, partition: 0, isTruncated: isTruncated, isCompacted: isCompacted)
    }
  }

  private func published(_ result: ResultRecord) -> HeldResult {
    HeldResult(
      topic: result.topic.suffix, partition: 0, key: result.key, value: result.value,
      headers: result.headers)
  }

  private func id(_ result: ResultRecord) throws -> ResultID {
    try #require(
      ResultID(result.topic, headers: result.headers, value: result.value, parser: parser))
  }

  /// Holds all results but those of some offsets, changed as `change` says.
  private func held(
    _ steps: [DerivedShard.Step], without offsets: Set<Int64> = [],
    _ change: (inout HeldResults) throws -> Void = { _ in }
  ) throws -> HeldResults {
    var held = HeldResults()
    for step in steps where !offsets.contains(step.position.offset) {
      for result in step.results { held.add(published(result), as: try id(result)) }
    }
    try change(&held)
    return held
  }

  private func verify(
    _ steps: [DerivedShard.Step], _ held: HeldResults, committed: Int64? = nil,
    _ target: @escaping (OutputKind) -> ShardVerification.Target
  ) -> ShardVerification {
    var verification = ShardVerification(held, committed: committed, target: target)
    for step in steps { verification.expect(step.results, of: step.position) }
    verification.finish(offsets: 0..<Int64(steps.count))
    return verification
  }

  private var alerts: [DerivedShard.Step] { Scene.alerts.steps(Scene.alertLines) }

  /// A pattern that is derived at 2 and retired at 5, as all who supported it fail.
  private var retired: [DerivedShard.Step] {
    let failures = (0..<2).map { number in
      Scene.patterns.line(
        3 + Int64(number), "adaptation.outcome-recorded",
        #"{"adaptation":"a-\#(number)","success":false}"#)
    }
    let late = Scene.patterns.line(
      5, "adaptation.outcome-recorded", #"{"adaptation":"a-2","success":true}"#, minute: 31)
    return Scene.patterns.steps(Scene.patternLines + failures + [late])
  }

  @Test func whatIsPublishedAsDerivedIsEqual() throws {
    let verification = verify(alerts, try held(alerts), target())
    #expect(verification.differences.isEmpty)
    #expect(verification.counts.equal == 3)
    let patterns = verify(retired, try held(retired), target())
    #expect(patterns.differences.isEmpty)
    #expect(patterns.counts.equal == 3, "derived, retired and the tombstone")
  }

  @Test func whatIsMissingIsADifferenceOnlyBelowTheCommit() throws {
    let held = try held(alerts, without: [2, 3])
    #expect(verify(alerts, held, target()).differences.map(\.kind) == [.missing, .missing])
    let committed = verify(alerts, held, committed: 3, target())
    #expect(committed.differences.map(\.cause.offset) == [2])
    #expect(committed.counts.notCommitted == 1)
  }

  @Test func whatRetentionHasTakenIsNoDifference() throws {
    let first = verify(alerts, try held(alerts, without: [1]), target(isTruncated: true))
    #expect(first.differences.isEmpty)
    #expect(first.counts.notHeld == 1)
    let later = verify(alerts, try held(alerts, without: [2]), target(isTruncated: true))
    #expect(later.differences.map(\.cause.offset) == [2])
  }

  @Test func whatCompactionMayHaveTakenIsNoDifference() throws {
    let superseded = verify(alerts, try held(alerts, without: [1]), target(isCompacted: true))
    #expect(superseded.differences.isEmpty)
    #expect(superseded.counts.notHeld == 1)
    let latest = verify(alerts, try held(alerts, without: [3]), target(isCompacted: true))
    #expect(latest.differences.map(\.cause.offset) == [3])
    let tombstone = verify(retired, try held(retired, without: [2, 5]), target(isCompacted: true))
    #expect(tombstone.differences.isEmpty)
    #expect(tombstone.counts.notHeld == 3)
  }

  @Test func otherContentIsADifferenceWithItsCause() throws {
    var steps = alerts
    let result = try #require(steps[1].results.first)
    let id = try id(result)
    var forged = published(result)
    forged = HeldResult(
      topic: forged.topic, partition: 0, key: forged.key, value: Array("{}".utf8),
      headers: forged.headers)
    let changed = try held(steps, without: [1]) { $0.add(forged, as: id) }
    let difference = try #require(verify(steps, changed, target()).differences.first)
    #expect(difference.kind == .changed)
    #expect(difference.cause == Position(topicName: Scene.alerts.topic, partition: 0, offset: 1))
    #expect(difference.line.hasPrefix("system5.variety.events-0@1: changed in alerts: value {}"))
    let twice = try held(steps) {
      $0.add(forged, as: id)
      $0.add(self.published(result), as: id)
    }
    let both = verify(steps, twice, target())
    #expect(both.differences.map(\.kind) == [.contradicting])
    #expect(both.counts.repeated == 1)
    steps.removeLast()
    #expect(verify(steps, try held(alerts), target()).differences.isEmpty, "beyond the end")
  }

  @Test func whatNothingGivesIsSurplus() throws {
    let cause = Position(topicName: Scene.alerts.topic, partition: 0, offset: 0)
    let result = try #require(alerts[1].results.first)
    let surplus = try held(alerts) {
      $0.add(published(result), as: ResultID(cause: cause, part: .event(99)))
    }
    #expect(verify(alerts, surplus, target()).differences.map(\.kind) == [.surplus])
  }

  @Test(arguments: [
    ("a.variety.events-3@17#2", "a.variety.events", 3, 17, 2), ("a-b-0@1#0", "a-b", 0, 1, 0),
  ])
  func idsNameTheirCause(
    text: String, topic: String, partition: Int32, offset: Int64, number: Int
  ) throws {
    let (cause, found) = try #require(ResultID.parse(text))
    #expect(cause == Position(topicName: topic, partition: partition, offset: offset))
    #expect(found == number)
    #expect(cause.text + "#\(number)" == text)
  }

  @Test(arguments: ["", "x", "a-0@1", "a-0@#1", "a@1#1", "a-x@1#0"])
  func whatIsNoIDIsToldApart(text: String) { #expect(ResultID.parse(text) == nil) }

  @Test func aResultMayNestDeeperThanTheEventItFollowsFrom() throws {
    let depth = JSONParser.eventDepth + 8
    let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    let value = Array(#"{"id":"a-0@1#0","data":\#(nested)}"#.utf8)
    let id = ResultID(.result(.patterns), headers: [], value: value, parser: parser)
    #expect(id?.cause.text == "a-0@1")
  }

  @Test func theSummarySaysWhatThereIs() {
    var counts = VerifyCounts(records: 4, equal: 3)
    #expect(counts.line == "3 results are as derived from 4 records, 0 differences")
    counts.differences = 1
    counts.notHeld = 2
    #expect(counts.line.hasSuffix("records, 1 difference, 2 no longer held"))
  }
}
