import Kafka
import System5Core
import System5Wire
import Testing

@testable import System5Worker

private let partition = TopicPartition(topic: "system5.variety.events", partition: 3)

/// Counts records, and publishes the count with each.
private struct CountingState: PartitionState {
  var count = 0
  var input: InputTopic { .variety }

  mutating func process(
    _ record: RawRecord, at position: Position, decoder: EventDecoder,
    into results: inout [ResultRecord]
  ) -> Disposition {
    count += 1
    results.append(
      ResultRecord(
        topic: .result(.alerts), partition: position.partition, key: nil,
        value: Array("\(count)".utf8), headers: [], timestampMilliseconds: 1))
    return .applied
  }
}

/// A task with a log that has a record at each offset.
private struct Bench {
  let task: ShardTask
  private let decoder = EventDecoder(rules: Rules())

  init(_ plan: StartPlan) {
    task = ShardTask(partition, plan: plan, empty: CountingState())
  }

  var count: Int? { (task.state as? CountingState)?.count }

  /// The results of the records at these offsets.
  @discardableResult
  func apply(_ offsets: Range<Int64>) -> [String] {
    var results: [ResultRecord] = []
    for offset in offsets {
      task.apply(
        RawRecord(key: nil, value: nil, timestampMilliseconds: nil),
        at: Position(topicName: partition.topic, partition: 3, offset: offset),
        decoder: decoder, into: &results)
    }
    return results.map { String(decoding: $0.value ?? [], as: UTF8.self) }
  }
}

@Suite struct StartPlanTests {
  private func plan(_ committed: Int64?, logStart: Int64, over: Bool = false) -> StartPlan {
    .decide(partition, committed: committed, logStart: logStart, fromBeginning: over)
  }

  @Test func startsAtTheLogsStartWithoutACommit() {
    #expect(plan(nil, logStart: 7) == .fresh(at: 7))
  }

  @Test func restoresFromTheWholeLog() {
    #expect(plan(5, logStart: 0) == .restore(from: 0, committed: 5))
  }

  @Test func neverStartsEmptyInSilence() {
    guard case .impossible(.failed(let code, let message)) = plan(9, logStart: 4) else {
      Issue.record("expected a refusal")
      return
    }
    #expect(code == 78)
    #expect(
      message == "The state of system5.variety.events, partition 3, cannot be restored: the group "
        + "has committed offset 9, but the log starts at 4; --from-beginning starts over with "
        + "empty stores.")
  }

  @Test func startsOverWhenTold() {
    #expect(plan(9, logStart: 4, over: true) == .startOver(at: 4, ignoring: 9))
    #expect(plan(9, logStart: 0, over: true) == .restore(from: 0, committed: 9))
  }
}

@Suite struct ShardTaskTests {
  @Test func publishesFromTheCommittedOffsetOn() throws {
    let bench = Bench(.restore(from: 0, committed: 3))
    #expect(bench.apply(0..<5) == ["4", "5"])
    #expect(bench.task.progress.hasMoved)
    #expect(bench.task.progress.position == 5)
    let tally = bench.task.takeTally()
    #expect(tally.restored == 3)
    #expect(tally.applied == 2)
  }

  @Test func commitsNothingWhileRestoring() {
    let bench = Bench(.restore(from: 0, committed: 3))
    bench.apply(0..<2)
    #expect(!bench.task.progress.hasMoved)
    bench.task.didCommit()
    #expect(bench.task.progress.committed == 3)
    #expect(bench.task.progress.isRestoring)
  }

  @Test func restoresOverGapsInTheLog() throws {
    let bench = Bench(.restore(from: 0, committed: 3))
    bench.apply(0..<1)
    try bench.task.reachedEnd(at: 4)
    #expect(!bench.task.progress.isRestoring)
    #expect(!bench.task.progress.hasMoved)
    let other = Bench(.restore(from: 0, committed: 3))
    other.apply(0..<1)
    #expect(other.apply(6..<7) == ["2"])
  }

  @Test func stopsWhenTheCommitIsBeyondTheLog() {
    let bench = Bench(.restore(from: 0, committed: 3))
    bench.apply(0..<1)
    #expect(throws: Interruption.self) { try bench.task.reachedEnd(at: 2) }
  }

  @Test func goesBackToTheLastCommit() throws {
    let bench = Bench(.fresh(at: 0))
    bench.apply(0..<2)
    bench.task.didCommit()
    #expect(bench.apply(2..<5) == ["3", "4", "5"])
    try bench.task.rewind(committed: 2)
    #expect(bench.task.progress.position == 2)
    #expect(bench.count == 2)
    #expect(bench.apply(2..<5) == ["3", "4", "5"])
  }

  @Test func doesNotPublishAgainWhatAnUnknownOutcomeHasCommitted() throws {
    let bench = Bench(.fresh(at: 0))
    bench.apply(0..<4)
    try bench.task.rewind(committed: 4)
    #expect(bench.task.progress.position == 0)
    #expect(bench.apply(0..<5) == ["5"])
  }

  @Test func keepsARestoreGoingThroughARewind() throws {
    let bench = Bench(.restore(from: 0, committed: 3))
    bench.apply(0..<2)
    try bench.task.rewind(committed: 3)
    #expect(bench.task.progress.position == 2)
    #expect(bench.apply(2..<4) == ["4"])
    try bench.task.rewind(committed: 3)
    #expect(bench.task.progress.position == 3)
    #expect(bench.count == 3)
  }

  @Test(arguments: [nil, 1] as [Int64?])
  func stopsWhenTheCommittedOffsetMovesBackwards(current: Int64?) {
    let bench = Bench(.fresh(at: 0))
    bench.apply(0..<2)
    bench.task.didCommit()
    #expect(throws: Interruption.self) { try bench.task.rewind(committed: current) }
  }

  @Test func ignoresTheOldCommitAfterStartingOver() throws {
    let bench = Bench(.startOver(at: 4, ignoring: 9))
    #expect(bench.apply(4..<6) == ["1", "2"])
    try bench.task.rewind(committed: 9)
    #expect(bench.apply(4..<6) == ["1", "2"])
    bench.task.didCommit()
    try bench.task.rewind(committed: 6)
    #expect(bench.apply(6..<7) == ["3"])
  }

  @Test func appliesNoRecordTwice() {
    let bench = Bench(.fresh(at: 0))
    bench.apply(0..<2)
    #expect(bench.apply(0..<3) == ["3"])
  }
}
