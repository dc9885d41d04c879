import Kafka
import System5Core
import System5Wire

/// One assigned partition with its state: as last committed, and as it stands now.
///
/// Recovery of every kind is the same: go back to a state at some offset K, read the log from
/// there, and discard the results of what the group has committed already (up to C ≥ K).
struct ShardTask {
  let topicPartition: TopicPartition
  private var state: any PartitionState
  /// The next offset to apply.
  private(set) var position: Int64
  /// The group's committed offset: results of records before it are published already.
  private(set) var publishFrom: Int64

  private var snapshot: any PartitionState
  /// K: the offset that the snapshot stands at.
  private(set) var snapshotOffset: Int64
  /// Where the log began.
  private let start: Int64

  /// - Parameters:
  ///   - state: empty.
  ///   - start: where the log begins.
  ///   - committed: nil for a group without a commit, which publishes from the start.
  init(
    _ topicPartition: TopicPartition, state: any PartitionState, start: Int64, committed: Int64?
  ) {
    self.topicPartition = topicPartition
    self.state = state
    self.snapshot = state
    self.start = start
    self.position = start
    self.snapshotOffset = start
    self.publishFrom = committed ?? start
  }

  var isRestoring: Bool { position < publishFrom }

  /// What a commit would add to what the group has.
  var uncommittedOffset: Int64? { position > publishFrom ? position : nil }

  /// Applies a record and appends what is to be published because of it: nothing while restoring.
  /// A record before the position has been applied already, and is passed over.
  mutating func apply(
    _ record: RawRecord, at position: Position, decoder: EventDecoder,
    into results: inout [ResultRecord]
  ) -> Disposition? {
    guard position.offset >= self.position else { return nil }
    let count = results.count
    let disposition = state.process(record, at: position, decoder: decoder, into: &results)
    if position.offset < publishFrom { results.removeLast(results.count - count) }
    self.position = position.offset + 1
    return disposition
  }

  /// The end of the log: what follows is not there yet. Returns false where the group has
  /// committed more than there is.
  mutating func reachedEnd(at offset: Int64) -> Bool {
    guard isRestoring else { return true }
    guard offset >= publishFrom else { return false }
    position = publishFrom
    return true
  }

  /// What was applied is committed, or was restored from what is.
  mutating func committed() {
    snapshot = state
    snapshotOffset = position
    publishFrom = max(publishFrom, position)
  }

  /// Back to the last committed state, to go on from there.
  ///
  /// - Parameter committed: what the group has now; nil: nothing.
  /// - Returns: false where that is less than what the state rests on: somebody has put the
  ///   group's offset back.
  mutating func rewind(committed: Int64?) -> Bool {
    state = snapshot
    position = snapshotOffset
    guard let committed else { return snapshotOffset == publishFrom && snapshotOffset == start }
    guard committed >= snapshotOffset else { return false }
    publishFrom = committed
    return true
  }
}
