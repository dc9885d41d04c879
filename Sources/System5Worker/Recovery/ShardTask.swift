import Kafka
import System5Wire

/// One assigned partition: its state, a snapshot of it as of the last commit, and its progress.
///
/// Confined to the pipeline's thread.
final class ShardTask {
  private(set) var state: any PartitionState
  private var snapshot: any PartitionState
  private(set) var progress: ShardProgress
  /// How many records it has taken since that was last asked.
  private var tally = Tally()

  /// What became of records.
  struct Tally: Equatable {
    var applied = 0
    var duplicates = 0
    var restored = 0
    var misrouted = 0
    var deadLetters: [RejectionCode: Int] = [:]
  }

  init(_ partition: TopicPartition, plan: StartPlan, empty: any PartitionState) {
    state = empty
    snapshot = empty
    progress = ShardProgress(partition, plan: plan)
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
    if isRestoring {
      results.removeSubrange(count...)
      tally.restored += 1
      if !progress.isRestoring { takeSnapshot() }
    } else {
      note(disposition)
    }
  }

  func noteMisrouted() { tally.misrouted += 1 }

  func takeTally() -> Tally {
    defer { tally = Tally() }
    return tally
  }

  /// The log has nothing at or after `offset` at present. Says what is wrong if the committed
  /// offset lies beyond.
  func reachedEnd(at offset: Int64) throws(Interruption) {
    guard progress.isRestoring else { return }
    if offset >= progress.publishFrom { return finishRestore() }
    let partition = progress.partition
    throw .exit(
      .configuration(
        "The group has committed offset \(progress.publishFrom) of \(partition.topic), partition "
          + "\(partition.partition), but its log ends at \(offset): records are missing, or "
          + "the topic was made anew. Reset the group's offsets to start over."))
  }

  func didCommit() {
    guard progress.hasMoved else { return }
    snapshot = state
    progress.didCommit()
  }

  /// Back to the last commit; see `ShardProgress.rewind`.
  func rewind(committed: Int64?) throws(Interruption) {
    let wasRestoring = progress.isRestoring
    try progress.rewind(committed: committed)
    if !wasRestoring { state = snapshot }
  }

  private func finishRestore() {
    progress.finishRestore()
    takeSnapshot()
  }

  private func takeSnapshot() {
    snapshot = state
    progress.tookSnapshot()
  }

  private func note(_ disposition: Disposition) {
    switch disposition {
    case .applied: tally.applied += 1
    case .duplicate: tally.duplicates += 1
    case .deadLetter(let code): tally.deadLetters[code, default: 0] += 1
    }
  }
}
