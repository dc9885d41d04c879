import Kafka

/// The offsets of one partition: how far it is applied, committed and published.
struct ShardProgress: Equatable {
  let partition: TopicPartition
  /// The next offset to apply.
  private(set) var position: Int64
  /// The offset that the snapshot of the state holds for.
  private(set) var snapshotOffset: Int64
  /// Results of records before this one have been published already.
  private(set) var publishFrom: Int64
  /// What the group is known to have committed.
  private(set) var committed: Int64?
  /// A commit that stands for nothing, as the partition has been started over.
  private var ignored: Int64?

  init(_ partition: TopicPartition, plan: StartPlan) {
    self.partition = partition
    switch plan {
    case .fresh(let start):
      (position, publishFrom) = (start, start)
    case .restore(let start, let offset):
      (position, publishFrom, committed) = (start, offset, offset)
    case .shelved(let shelved, let offset):
      (position, publishFrom, committed) = (shelved.position, offset, offset)
    case .startOver(let start, let offset):
      (position, publishFrom, ignored) = (start, start, offset)
    case .impossible:
      (position, publishFrom) = (0, 0)
    }
    snapshotOffset = position
  }

  /// Results are discarded, and nothing is committed.
  var isRestoring: Bool { position < publishFrom }

  /// Whether there is something to commit.
  var hasMoved: Bool { !isRestoring && position != snapshotOffset }

  mutating func applied(_ offset: Int64) { position = offset + 1 }

  /// There is no record before `offset` that is not applied; what lies between, such as the end of
  /// a transaction, is passed over.
  mutating func reached(_ offset: Int64) { position = max(position, offset) }

  /// The snapshot now holds for the position, which is committed or restored.
  mutating func tookSnapshot() { snapshotOffset = position }

  mutating func didCommit() {
    committed = position
    ignored = nil
    snapshotOffset = position
  }

  /// There is nothing below `publishFrom` any more: gaps of the log make up the rest.
  mutating func finishRestore() { position = max(position, publishFrom) }

  /// Back to the snapshot, given what the group has committed by now.
  ///
  /// A partition that is being restored has nothing to take back, and goes on where it is.
  mutating func rewind(committed current: Int64?) throws(Interruption) {
    let effective = current == ignored ? nil : current
    if let known = committed, (effective ?? -1) < known {
      throw .exit(movedBackwards(from: known, to: effective))
    }
    let next = effective ?? publishFrom
    if let effective, effective < snapshotOffset, committed == nil {
      throw .exit(movedBackwards(from: snapshotOffset, to: effective))
    }
    if !isRestoring { position = snapshotOffset }
    publishFrom = max(next, snapshotOffset)
    if let effective {
      committed = effective
      ignored = nil
    }
  }

  private func movedBackwards(from known: Int64, to current: Int64?) -> WorkerExit {
    .configuration(
      "The committed offset of \(partition.topic), partition \(partition.partition), moved "
        + "backwards from \(known) to \(current.map { "\($0)" } ?? "none"): "
        + "someone else has changed the group's offsets.")
  }
}
