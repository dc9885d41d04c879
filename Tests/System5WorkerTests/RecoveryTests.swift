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
  var systemCount: Int { 1 }

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
    task = ShardTask(partition, plan: plan, empty: CountingState(), at: .now)
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
  private func load(
    _ committed: Int64?, found position: Int64? = nil, _ rejections: [CheckpointRejection] = []
  ) -> CheckpointLoad {
    let request = CheckpointRequest(
      number: 1, partition: partition, input: .variety, committed: committed, rules: Rules())
    let state = position.map { ShelvedState(state: CountingState(), position: $0, bytes: 1) }
    return CheckpointLoad(
      request: request, outcome: state.map { .found($0) } ?? .none, rejections: rejections,
      shelf: ShelfState())
  }

  private func plan(_ load: CheckpointLoad, logStart: Int64, over: Bool = false) -> String {
    switch StartPlan.decide(load, logStart: logStart, fromBeginning: over) {
    case .fresh(let start): "fresh at \(start)"
    case .restore(let start, let committed): "restore \(start) to \(committed)"
    case .shelved(let state, let committed): "checkpoint \(state.position) to \(committed)"
    case .startOver(let start, let ignored): "over at \(start), not \(ignored)"
    case .impossible(.failed(let code, let message)): "\(code): \(message)"
    case .impossible(.stopped): "stopped"
    }
  }

  @Test func startsAtTheLogsStartWithoutACommit() {
    #expect(plan(load(nil), logStart: 7) == "fresh at 7")
  }

  @Test func goesOnFromTheCheckpoint() {
    #expect(plan(load(9, found: 5), logStart: 0) == "checkpoint 5 to 9")
    #expect(plan(load(9, found: 5), logStart: 5) == "checkpoint 5 to 9")
    #expect(plan(load(9, found: 9), logStart: 9) == "checkpoint 9 to 9")
  }

  @Test func fallsBackToTheWholeLog() {
    #expect(plan(load(5), logStart: 0) == "restore 0 to 5")
    #expect(plan(load(5, [.broken("It is damaged.")]), logStart: 0) == "restore 0 to 5")
    #expect(plan(load(5, [.otherRules(position: 3)]), logStart: 0) == "restore 0 to 5")
  }

  @Test func neverStartsEmptyInSilence() {
    let place = "system5.variety.events, partition 3"
    #expect(
      plan(load(9, [.broken("The checkpoint is damaged.")]), logStart: 4)
        == "78: The state of \(place) cannot be restored: the group has committed offset 9, but the "
        + "log starts at 4 and no checkpoint reaches it. The checkpoint is damaged. "
        + "`system5 checkpoint import` brings one back; --from-beginning starts over with an empty "
        + "store.")
    #expect(plan(load(9, found: 3), logStart: 4).hasPrefix("78: The state of \(place)"))
  }

  @Test func saysWhenRecordsWereNeverApplied() {
    #expect(
      plan(load(3, found: 3), logStart: 4).hasPrefix(
        "78: The group has committed offset 3 of system5.variety.events, partition 3, but its log "
          + "starts at 4: records between them are gone"))
  }

  @Test(arguments: [9, nil] as [Int64?])
  func stopsWhereTheOffsetMovedBackwards(committed: Int64?) {
    let found = plan(load(committed, [.ahead(position: 12)]), logStart: 0)
    #expect(found.hasPrefix("78: The group's offset of system5.variety.events, partition 3 moved"))
    #expect(found.contains("at 12"))
  }

  @Test func stopsAtACheckpointOfALaterProgram() {
    let found = plan(load(9, found: 5, [.unknownVersion(7)]), logStart: 0)
    #expect(found.hasPrefix("78: A checkpoint of system5.variety.events, partition 3 has the"))
  }

  @Test func startsOverWhenTold() {
    #expect(plan(load(9), logStart: 4, over: true) == "over at 4, not 9")
    #expect(plan(load(9), logStart: 0, over: true) == "restore 0 to 9")
    #expect(plan(load(9, [.ahead(position: 12)]), logStart: 0, over: true) == "restore 0 to 9")
    #expect(plan(load(nil, [.ahead(position: 12)]), logStart: 0, over: true) == "fresh at 0")
    #expect(
      plan(load(9, found: 5, [.unknownVersion(7)]), logStart: 2, over: true)
        == "checkpoint 5 to 9")
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
    #expect(bench.task.progress.position == 4)
    let other = Bench(.restore(from: 0, committed: 3))
    other.apply(0..<1)
    #expect(other.apply(6..<7) == ["2"])
  }

  /// What lies there, such as the end of a transaction, may be deleted before the next record
  /// comes; the group must not seem to have missed a record then.
  @Test func commitsTheEndOfTheLogWhereItIsNotARecord() throws {
    let bench = Bench(.fresh(at: 0))
    bench.apply(0..<2)
    bench.task.didCommit()
    #expect(!bench.task.progress.hasMoved)
    try bench.task.reachedEnd(at: 2)
    #expect(!bench.task.progress.hasMoved)
    try bench.task.reachedEnd(at: 3)
    #expect(bench.task.progress.hasMoved)
    #expect(bench.apply(3..<4) == ["3"])
  }

  @Test func aCheckpointThatCouldNotBeWrittenIsDueAgain() {
    let bench = Bench(.fresh(at: 0))
    bench.apply(0..<2)
    bench.task.didCommit()
    #expect(bench.task.committedSinceCheckpoint == 2)
    let snapshot = bench.task.snapshotToWrite(at: .now)
    #expect(bench.task.committedSinceCheckpoint == 0)
    bench.task.noteCheckpoint(CheckpointWrite(snapshot: snapshot, outcome: .failed("no room")))
    #expect(bench.task.committedSinceCheckpoint > 0)
    #expect(bench.task.committed.shelf.newest == snapshot.shelf.newest)
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
