import Kafka
import MetricsTestKit
import System5Core
import System5Wire
import Testing

@testable import System5Worker

private let partition = TopicPartition(topic: "t", partition: 2)

/// A clock that is set by hand.
private final class ManualClock: WorkerClock, @unchecked Sendable {
  // `@unchecked`: a test uses it on one thread.
  var now = ContinuousClock.now
  var millisecondsSinceEpoch: Int64 = 1_000_000
  func sleep(_ duration: Duration) { now += duration }
}

@Suite struct MetricsTests {
  private let factory = TestMetrics()
  private let clock = ManualClock()
  private let metrics: WorkerMetrics

  init() { metrics = WorkerMetrics(factory: factory, clock: clock, pipeline: 1) }

  private func gauge(_ metric: WorkerMetric) throws -> Double? {
    try factory.expectGauge(metric.rawValue, [("topic", "t"), ("partition", "2")]).lastValue
  }

  /// A task whose partition has records up to `position`, all with the same timestamp.
  private func task(_ plan: StartPlan, upTo position: Int64, time: Int64? = nil) -> ShardTask {
    let task = ShardTask(
      partition, plan: plan, empty: InputTopic.variety.emptyPartition(rules: Rules()), at: clock.now
    )
    metrics.begins(task, plan: plan, assignedAt: clock.now)
    apply(to: task, upTo: position, time: time)
    return task
  }

  private func apply(to task: ShardTask, upTo position: Int64, time: Int64?) {
    var results: [ResultRecord] = []
    for offset in task.progress.position..<max(position, task.progress.position) {
      task.apply(
        RawRecord(key: nil, value: nil, timestampMilliseconds: time),
        at: Position(topicName: "t", partition: 2, offset: offset),
        decoder: EventDecoder(rules: Rules()), into: &results)
    }
  }

  // MARK: Counters

  @Test func countsRecordsByDisposition() throws {
    var tally = ShardTask.Tally()
    tally.applied = 3
    tally.deadLetters = [.badKey: 2]
    metrics.records(tally, topic: "t")
    metrics.records(tally, topic: "t")
    let applied = try factory.expectCounter(
      "system5_records_total", [("topic", "t"), ("disposition", "applied")])
    #expect(applied.totalValue == 6)
    let letters = try factory.expectCounter(
      "system5_records_total", [("topic", "t"), ("disposition", "dead-letter")])
    #expect(letters.totalValue == 4)
    let bad = try factory.expectCounter(
      "system5_dead_letters_total", [("topic", "t"), ("code", "bad-key")])
    #expect(bad.totalValue == 4)
  }

  /// A counter that appears with its first increment looks as if it had never risen.
  @Test func countersAreThereBeforeTheyRise() throws {
    metrics.expect(inputs: ["in"], outputs: ["out"])
    for code in RejectionCode.allCases {
      _ = try factory.expectCounter(
        "system5_dead_letters_total", [("topic", "in"), ("code", code.rawValue)])
    }
    _ = try factory.expectCounter("system5_results_total", [("topic", "out")])
    _ = try factory.expectCounter("system5_checkpoint_failures_total", [("topic", "in")])
    _ = try factory.expectCounter("system5_rebalances_total", [("kind", "lost")])
  }

  @Test func countsAbortsByCause() throws {
    metrics.aborted(cause: "ILLEGAL_GENERATION")
    let aborts = try factory.expectCounter(
      "system5_aborts_total", [("cause", "ILLEGAL_GENERATION")])
    #expect(aborts.totalValue == 1)
  }

  @Test func theTimeOfTheLoopGoesToWhatWentOn() throws {
    metrics.enter(.poll)
    clock.now += .milliseconds(300)
    #expect(metrics.enter(.commit) == .poll)
    clock.now += .milliseconds(200)
    metrics.enter(.poll)
    clock.now += .milliseconds(100)
    metrics.enter(.other)
    func seconds(_ activity: String) throws -> Int64 {
      // The test kit counts whole numbers.
      try factory.expectCounter(
        "system5_loop_seconds_total", [("pipeline", "1"), ("activity", activity)]
      ).totalValue
    }
    clock.now += .seconds(3)
    metrics.enter(.commit)
    clock.now += .milliseconds(1_900)
    metrics.enter(.poll)
    #expect(try seconds("other") == 3)
    #expect(try seconds("commit") == 2)
    #expect(try seconds("poll") == 0)
  }

  // MARK: Latency and lag

  @Test func latencyIsFromTheRecordsTimeToTheCommit() throws {
    metrics.committed(
      FinishedCommit(
        hasResults: true, duration: .milliseconds(20), first: Timestamp(milliseconds: 990_000),
        last: Timestamp(milliseconds: 999_500)))
    let first = try factory.expectRecorder(
      "system5_end_to_end_latency_seconds", [("kind", "results"), ("sample", "first")])
    let last = try factory.expectRecorder(
      "system5_end_to_end_latency_seconds", [("kind", "results"), ("sample", "last")])
    #expect(first.lastValue == 10)
    #expect(last.lastValue == 0.5)
    let duration = try factory.expectTimer(
      "system5_commit_duration_seconds", [("kind", "results")])
    #expect(duration.lastValue == 20_000_000)
  }

  @Test(arguments: [Int64.min, .max]) func anyTimestampWillDo(time: Int64) throws {
    let task = task(.fresh(at: 0), upTo: 1, time: time)
    metrics.observe(task, end: 5)
    metrics.committed(
      FinishedCommit(
        hasResults: false, duration: .zero, first: task.newestRecord, last: task.newestRecord))
    #expect(try #require(try gauge(.lagSeconds)).isFinite)
  }

  @Test func lagIsTheAgeOfTheNewestRecordWhileThereAreMore() throws {
    let task = task(.fresh(at: 0), upTo: 7, time: 940_000)
    metrics.observe(task, end: 12)
    #expect(try gauge(.lagRecords) == 5)
    #expect(try gauge(.lagSeconds) == 60)
    metrics.observe(task, end: 7)
    #expect(try gauge(.lagRecords) == 0)
    #expect(try gauge(.lagSeconds) == 0)
  }

  @Test func whereNothingWasAppliedYetLagCountsFromTheAssignment() throws {
    let task = task(.fresh(at: 3), upTo: 3)
    clock.now += .seconds(40)
    metrics.observe(task, end: 12)
    #expect(try gauge(.lagSeconds) == 40)
    metrics.caughtUp(partition)
    #expect(try gauge(.lagSeconds) == 0)
    #expect(try gauge(.lagRecords) == 0)
  }

  @Test func whatIsNotKnownOfTheLogChangesNothing() throws {
    let task = task(.fresh(at: 0), upTo: 7, time: 940_000)
    metrics.observe(task, end: 12)
    metrics.observe(task, end: nil)
    #expect(try gauge(.lagRecords) == 5)
  }

  // MARK: Restoring and checkpoints

  @Test func aRestoreIsTimedFromTheAssignment() throws {
    let task = task(.restore(from: 0, committed: 10), upTo: 4)
    metrics.observe(task, end: 20)
    #expect(try gauge(.restoreRemaining) == 6)
    clock.now += .seconds(9)
    metrics.isLive(partition)
    let duration = try factory.expectTimer(
      "system5_restore_duration_seconds", [("source", "log")])
    #expect(duration.lastValue == 9_000_000_000)
    #expect(try gauge(.restoreRemaining) == 0)
  }

  @Test func aCheckpointIsOldOnlyWhileItLacksSomething() throws {
    let task = task(.fresh(at: 0), upTo: 4)
    clock.now += .seconds(100)
    metrics.observe(task, end: 20)
    #expect(try gauge(.checkpointAge) == 0)
    task.didCommit()
    metrics.observe(task, end: 20)
    #expect(try gauge(.checkpointAge) == 100)
    #expect(try gauge(.checkpointBehind) == 4)
    metrics.beganCheckpoint()
    clock.now += .seconds(7)
    metrics.checkpointed(partition, at: 4, bytes: 900)
    metrics.observe(task, end: 20)
    #expect(try gauge(.checkpointAge) == 0)
    #expect(try gauge(.checkpointBehind) == 0)
    #expect(try gauge(.checkpointSize) == 900)
    let duration = try factory.expectTimer(
      "system5_checkpoint_duration_seconds", [("topic", "t")])
    #expect(duration.lastValue == 7_000_000_000)
    apply(to: task, upTo: 5, time: nil)
    task.didCommit()
    metrics.observe(task, end: 20)
    #expect(try gauge(.checkpointAge) == 7)
  }

  @Test func aCheckpointThatFailsLeavesTheAgeAsItIs() throws {
    let task = task(.fresh(at: 0), upTo: 4)
    task.didCommit()
    clock.now += .seconds(50)
    metrics.beganCheckpoint()
    _ = task.snapshotToWrite(at: clock.now)
    clock.now += .seconds(50)
    metrics.checkpointFailed(partition)
    metrics.observe(task, end: 20)
    #expect(try gauge(.checkpointAge) == 100)
  }

  @Test func aPartitionOfAnothersIsNotToldOf() throws {
    let task = task(.fresh(at: 0), upTo: 4)
    metrics.dropped(partition)
    metrics.observe(task, end: 9)
    #expect(throws: (any Error).self) { try gauge(.lagRecords) }
  }

  // MARK: What is taken back

  @Test func whatIsTakenBackIsNotCounted() throws {
    let task = task(.restore(from: 0, committed: 2), upTo: 5)
    #expect(task.takeRestored().restored == 2)
    try task.rewind(committed: 2)
    #expect(task.takeTally() == ShardTask.Tally())
    apply(to: task, upTo: 3, time: nil)
    #expect(task.takeTally().deadLetters.values.reduce(0, +) == 1)
  }
}

@Suite struct MetricDefinitionTests {
  @Test(arguments: WorkerMetric.allCases)
  func namesFollowTheConventions(metric: WorkerMetric) {
    let (name, definition) = (metric.rawValue, metric.definition)
    #expect(name.hasPrefix("system5_"))
    #expect(name.hasSuffix("_total") == (definition.kind == .counter))
    #expect(name.hasSuffix("_info") == (definition.kind == .info))
    #expect(definition.help.hasSuffix("."))
    let base = definition.kind == .counter ? String(name.dropLast("_total".count)) : name
    for unit in ["seconds", "bytes"] {
      #expect(base.hasSuffix("_" + unit) == (definition.unit == unit))
    }
    #expect(definition.buckets.isEmpty == (definition.kind != .histogram))
    #expect(definition.buckets == Set(definition.buckets).sorted())
  }

  @Test func noLabelHoldsAnId() {
    let labels = Set(WorkerMetric.allCases.flatMap(\.definition.labels))
    #expect(
      labels == [
        "topic", "partition", "pipeline", "disposition", "code", "kind", "sample", "cause",
        "activity", "state", "source", "version", "swift", "librdkafka",
      ])
  }
}
