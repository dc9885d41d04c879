/// What is known of a shard's checkpoints in Kafka: two are kept, the newest good one and the one
/// before it, so that damage to one leaves the other.
package struct ShelfState: Sendable, Hashable {
  /// The position of the newest good one.
  package var newest: Int64?
  /// How many chunks lie at each position, good or not, so that they can be taken away.
  package var chunkCounts: [Int64: Int64] = [:]
  /// Whether those beyond the group's offset are taken away too: the operator has told us to pass
  /// them over.
  package var passesOver = false

  package init() {}

  /// The positions that nobody needs once there is a whole checkpoint at this one, in order.
  ///
  /// Never one beyond it: that would be the work of a later owner of the partition, which we may
  /// have slept through.
  package func superseded(by position: Int64) -> [Int64] {
    chunkCounts.keys.filter { other in
      other != position && other != newest && (other < position || passesOver)
    }.sorted()
  }

  /// A write has ended well: what it has made superfluous is gone.
  mutating func noteWritten(at position: Int64, chunkCount: Int64) {
    for other in superseded(by: position) { chunkCounts.removeValue(forKey: other) }
    chunkCounts[position] = chunkCount
    newest = max(newest ?? position, position)
  }

  /// A write has ended somewhere in between.
  mutating func noteFailed(at position: Int64, chunkCount: Int64) {
    if position == newest { return }
    chunkCounts[position] = max(chunkCounts[position] ?? 0, chunkCount)
  }
}
