import Kafka
import System5Core
import System5Wire

/// One assigned partition: its state, a snapshot of it as of the last commit, and its progress.
///
/// Confined to the pipeline's thread.
final class ShardTask {
  /// Not checked at each record for access from two places at once, which took a fiftieth of the
  /// loop's time: nothing that a state calls knows of its task.
  @exclusivity(unchecked)
  private(set) var state: any PartitionState
  private var snapshot: any PartitionState
  private(set) var progress: ShardProgress
  /// What it has done since that was last asked, less what was taken back.
  private var tally = Tally()
  private let input: InputTopic
  private var shelf: ShelfState
  /// How many records the committed state has beyond the newest checkpoint.
  private(set) var committedSinceCheckpoint: Int
  private var appliedSinceCommit = 0
  private(set) var checkpointedAt: ContinuousClock.Instant
  /// How many records were applied since the partition was taken over.
  private(set) var applied: Int64 = 0
  /// The Kafka timestamp of the record that was applied last.
  private(set) var newestRecord: Timestamp?
  /// The offset after the log's last record; nil while nothing is known of it.
  private(set) var logEnd: Int64?

  /// What became of records.
  struct Tally: Equatable {
    var applied = 0
    var duplicates = 0
    var restored = 0
    var misrouted = 0
    var deadLetters: [RejectionCode: Int] = [:]

    /// Only what was restored stays done.
    mutating func forgetUncommitted() { self = Tally(restored: restored) }
  }

  /// - Parameter shelf: what lies in its checkpoint partition.
  init(
    _ partition: TopicPartition, plan: StartPlan, empty: any PartitionState,
    shelf: ShelfState = ShelfState(), at now: ContinuousClock.Instant
  ) {
    if case .shelved(let shelved, _) = plan { state = shelved.state } else { state = empty }
    snapshot = state.snapshot
    input = empty.input
    progress = ShardProgress(partition, plan: plan)
    self.shelf = shelf
    committedSinceCheckpoint = 0
    checkpointedAt = now
  }

  /// Applies a record and appends what is to be published because of it, which is nothing while
  /// restoring. A record that was applied before changes nothing.
  func apply(
    _ record: RawRecord, at position: Position, decoder: EventDecoder,
    into results: inout [ResultRecord]
  ) {
    guard position.offset >= progress.position else { return }
    if progress.isRestoring, position.offset >= progress.publishFrom { finishRestore() }
    let isRestoring = progress.isRestoring
    let count = results.count
    let disposition = state.process(record, at: position, decoder: decoder, into: &results)
    progress.applied(position.offset)
    appliedSinceCommit += 1
    applied += 1
    newestRecord = record.timestampMilliseconds.map { Timestamp(milliseconds: $0) } ?? newestRecord
    if isRestoring {
      results.removeSubrange(count...)
      tally.restored += 1
      if !progress.isRestoring { takeSnapshot() }
    } else {
      note(disposition)
    }
  }

  /// The committed state, to be written as a checkpoint.
  func snapshotToWrite(at now: ContinuousClock.Instant) -> ShardSnapshot {
    committedSinceCheckpoint = 0
    checkpointedAt = now
    return committed
  }

  /// The state as of the last commit.
  var committed: ShardSnapshot {
    ShardSnapshot(
      partition: progress.partition, input: input, state: snapshot,
      position: progress.snapshotOffset, shelf: shelf)
  }

  /// One that is no good is due again when the interval is over, also if no more records come.
  func noteCheckpoint(_ write: CheckpointWrite) {
    let position = write.snapshot.position
    switch write.outcome {
    case .written: shelf.noteWritten(at: position, chunkCount: write.chunkCount)
    case .failed:
      committedSinceCheckpoint = max(1, committedSinceCheckpoint)
      shelf.noteFailed(at: position, chunkCount: write.chunkCount)
    }
  }

  func noteMisrouted() { tally.misrouted += 1 }

  func noteLogEnd(_ offset: Int64) { logEnd = offset }

  func takeTally() -> Tally {
    defer { tally = Tally() }
    return tally
  }

  /// What was restored, which no commit has to come after.
  func takeRestored() -> Tally {
    defer { tally.restored = 0 }
    return Tally(restored: tally.restored)
  }

  /// The log has nothing at or after `offset` at present. Says what is wrong if the committed
  /// offset lies beyond.
  func reachedEnd(at offset: Int64) throws(Interruption) {
    if progress.isRestoring {
      try checkReach(offset)
      finishRestore()
    }
    progress.reached(offset)
    noteLogEnd(offset)
  }

  private func checkReach(_ offset: Int64) throws(Interruption) {
    if offset >= progress.publishFrom { return }
    let partition = progress.partition
    throw .exit(
      .configuration(
        "The group has committed offset \(progress.publishFrom) of \(partition.topic), partition "
          + "\(partition.partition), but its log ends at \(offset): records are missing, or "
          + "the topic was made anew. Reset the group's offsets to start over."))
  }

  func didCommit() {
    guard progress.hasMoved else { return }
    keepSnapshot()
    progress.didCommit()
  }

  /// Back to the last commit; see `ShardProgress.rewind`.
  func rewind(committed: Int64?) throws(Interruption) {
    let wasRestoring = progress.isRestoring
    try progress.rewind(committed: committed)
    if !wasRestoring {
      state = snapshot
      appliedSinceCommit = 0
      tally.forgetUncommitted()
    }
  }

  private func finishRestore() {
    progress.finishRestore()
    takeSnapshot()
  }

  private func takeSnapshot() {
    keepSnapshot()
    progress.tookSnapshot()
  }

  /// What so few events leave to be freed, the loop frees itself.
  private static let mostFreedByLoop = 1000

  private func keepSnapshot() {
    if appliedSinceCommit > ShardTask.mostFreedByLoop { Disposal.dispose(snapshot) }
    snapshot = state.snapshot
    committedSinceCheckpoint += appliedSinceCommit
    appliedSinceCommit = 0
  }

  private func note(_ disposition: Disposition) {
    switch disposition {
    case .applied: tally.applied += 1
    case .duplicate: tally.duplicates += 1
    case .deadLetter(let code): tally.deadLetters[code, default: 0] += 1
    }
  }
}
