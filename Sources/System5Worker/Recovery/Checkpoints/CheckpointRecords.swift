import Kafka
import System5Wire

/// A checkpoint as the records that are written for it, one at a time and in this order: the old
/// manifest of the place is taken away, the chunks follow, what is left of a longer predecessor is
/// cleared, and the manifest comes last. So a place with a manifest is whole, or shows by its hash
/// that two writers have mixed.
package struct CheckpointRecords {
  package struct Record {
    package let key: [UInt8]
    /// nil: a tombstone.
    package let value: [UInt8]?
    /// Whether this is the last, which makes the others count: they must all be there before it.
    package var isManifest = false
  }

  private enum Stage { case clearing, chunks, clearingRest(Int64), manifest, done }

  private let group: String
  private let slot: CheckpointSlot
  private let oldChunks: Int64
  private var content: any CheckpointContent
  private var stage = Stage.clearing
  private var chunkCount: Int64 = 0

  /// - Parameter chunkBytes: the length of all chunks but the last.
  /// - Throws: `CheckpointError.unsupportedState`.
  package init(
    _ snapshot: ShardSnapshot, group: String,
    chunkBytes: Int = CheckpointFormat.defaultChunkBytes
  ) throws(CheckpointError) {
    self.init(
      try CheckpointEncoder(
        snapshot.state, position: snapshot.position, chunkBytes: chunkBytes),
      on: snapshot.shelf, group: group)
  }

  /// - Parameter shelf: says which place is next, and how much lies there.
  package init(_ content: any CheckpointContent, on shelf: ShelfState, group: String) {
    self.group = group
    self.content = content
    slot = shelf.next
    oldChunks = shelf.chunkCounts[slot] ?? 0
  }

  /// What was written; nil until ``next()`` has returned nil, and if the content was not whole.
  package var manifest: CheckpointManifest? { content.manifest }

  package mutating func next() -> Record? {
    switch stage {
    case .clearing:
      stage = .chunks
      return Record(key: CheckpointKey.manifest(slot).bytes(group: group), value: nil)
    case .chunks:
      guard let chunk = content.nextChunk() else {
        stage = .clearingRest(chunkCount)
        return next()
      }
      defer { chunkCount += 1 }
      return Record(key: CheckpointKey.chunk(slot, chunkCount).bytes(group: group), value: chunk)
    case .clearingRest(let number):
      guard number < oldChunks else {
        stage = .manifest
        return next()
      }
      stage = .clearingRest(number + 1)
      return Record(key: CheckpointKey.chunk(slot, number).bytes(group: group), value: nil)
    case .manifest:
      stage = .done
      guard let manifest = content.manifest else { return nil }
      return Record(
        key: CheckpointKey.manifest(slot).bytes(group: group), value: manifest.line,
        isManifest: true)
    case .done: return nil
    }
  }
}
