import Kafka
import System5Core
import System5Wire
import Testing

@testable import System5Worker

/// The way back to a committed state, without a broker.
@Suite struct ShardTaskTests {
  private let partition = TopicPartition(topic: "system5.policy.events", partition: 0)
  private let decoder = EventDecoder(rules: Rules())

  private func task(start: Int64 = 0, committed: Int64?) -> ShardTask {
    ShardTask(
      partition, state: InputTopic.policy.emptyPartition(rules: Rules()), start: start,
      committed: committed)
  }

  /// Applies a record that is a dead letter; returns how many results were to be published.
  private func apply(_ task: inout ShardTask, at offset: Int64) -> Int {
    var results: [ResultRecord] = []
    _ = task.apply(
      RawRecord(key: nil, value: nil, timestampMilliseconds: 0),
      at: Position(topicName: partition.topic, partition: 0, offset: offset), decoder: decoder,
      into: &results)
    return results.count
  }

  @Test func withoutACommitEverythingIsPublished() {
    var task = task(start: 7, committed: nil)
    #expect(!task.isRestoring)
    #expect(apply(&task, at: 7) == 1)
    #expect(task.uncommittedOffset == 8)
  }

  @Test func whileRestoringNothingIsPublished() {
    var task = task(committed: 2)
    #expect(apply(&task, at: 0) == 0)
    #expect(task.isRestoring)
    #expect(apply(&task, at: 1) == 0)
    #expect(!task.isRestoring)
    #expect(task.uncommittedOffset == nil)
    #expect(apply(&task, at: 2) == 1)
    #expect(task.uncommittedOffset == 3)
  }

  @Test func aRecordThatWasAppliedIsPassedOver() {
    var task = task(committed: nil)
    #expect(apply(&task, at: 0) == 1)
    #expect(apply(&task, at: 0) == 0)
    #expect(task.position == 1)
  }

  @Test func anAbortGoesBackToTheLastCommit() {
    var task = task(committed: nil)
    _ = apply(&task, at: 0)
    task.committed()
    _ = apply(&task, at: 1)
    let didRewind = task.rewind(committed: 1)
    #expect(didRewind)
    #expect(task.position == 1)
    #expect(apply(&task, at: 1) == 1)
  }

  @Test func aCommitOfUnknownOutcomeThatSucceededIsNotPublishedAgain() {
    var task = task(committed: nil)
    _ = apply(&task, at: 0)
    task.committed()
    _ = apply(&task, at: 1)
    let didRewind = task.rewind(committed: 2)
    #expect(didRewind)
    #expect(apply(&task, at: 1) == 0)
    #expect(apply(&task, at: 2) == 1)
  }

  @Test func anOffsetThatMovedBackwardsIsNoticed() {
    var task = task(committed: nil)
    _ = apply(&task, at: 0)
    task.committed()
    let (toZero, toNothing) = (task.rewind(committed: 0), task.rewind(committed: nil))
    #expect(!toZero)
    #expect(!toNothing)
  }

  @Test func aRestoreEndsAtTheEndOfTheLogOrSaysThatItCannot() {
    var gap = task(committed: 5)
    _ = apply(&gap, at: 0)
    let reached = gap.reachedEnd(at: 5)
    #expect(reached)
    #expect(!gap.isRestoring)
    var short = task(committed: 5)
    let reachedShort = short.reachedEnd(at: 4)
    #expect(!reachedShort)
  }
}

@Suite struct RemedyTests {
  private func error(
    _ code: Int32, fatal: Bool = false, retriable: Bool = false, abort: Bool = false
  ) -> KafkaError {
    KafkaError(
      code: code, reason: "for a test", isFatal: fatal, isRetriable: retriable,
      requiresAbort: abort)
  }

  @Test func transactionalErrors() {
    // Codes of librdkafka: -185 timed out, -195 transport, 22 illegal generation, 10 too large.
    #expect(Remedy.forTransaction(error(1, retriable: true)) == .retry)
    #expect(Remedy.forTransaction(error(1, abort: true)) == .abort)
    #expect(Remedy.forTransaction(error(22)) == .abort)
    #expect(Remedy.forTransaction(error(1, fatal: true, abort: true)) == .replaceProducer)
    #expect(Remedy.forTransaction(error(-185, retriable: true)) == .replaceProducer)
    #expect(Remedy.forTransaction(error(-195)) == .replaceProducer)
    #expect(Remedy.forTransaction(error(1)) == .restart)
  }

  @Test func whatOnlyAPersonCanMendStops() {
    guard case .stop(.failed(let code, _)) = Remedy.forTransaction(error(10)) else {
      Issue.record("a message too large must stop")
      return
    }
    #expect(code == 78)
    guard case .stop(.failed(let refused, _)) = Remedy.forConsumer(error(-169)) else {
      Issue.record("an authentication error must stop")
      return
    }
    #expect(refused == 77)
  }
}

@Suite struct CommitPolicyTests {
  private let policy = CommitPolicy(interval: .seconds(60), mostResults: 10)

  @Test func resultsAreCommittedWhenCaughtUpOrMany() {
    let now = ContinuousClock.now
    #expect(policy.isDue(results: 1, hasCaughtUp: true, since: now))
    #expect(!policy.isDue(results: 1, hasCaughtUp: false, since: now))
    #expect(policy.isDue(results: 10, hasCaughtUp: false, since: now))
    #expect(policy.isDue(results: 1, hasCaughtUp: false, since: now - .seconds(61)))
  }

  @Test func offsetsAloneWait() {
    let now = ContinuousClock.now
    #expect(!policy.isDue(results: 0, hasCaughtUp: true, since: now))
    #expect(policy.isDue(results: 0, hasCaughtUp: true, since: now - .seconds(61)))
  }
}
