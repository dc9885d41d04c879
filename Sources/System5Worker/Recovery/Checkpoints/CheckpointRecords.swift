import System5Wire

/// A checkpoint as the records that are written for it, one at a time and in this order: the chunks,
/// the manifest with the hash of all of them, and then tombstones for the checkpoints that this one
/// makes superfluous. So there is always a whole one, and a manifest shows whether its own is.
package struct CheckpointRecords {
  package struct Record {
    package let key: [UInt8]
    /// nil: a tombstone.
    package let value: [UInt8]?
    /// Whether all before it must be there before it comes.
    package var awaitsOthers = false
  }

  private let group: String
  private let position: Int64
  private var content: any CheckpointContent
  private var removals: [Record]
  private var isManifestNext = true
  /// How many chunks have been given.
  package private(set) var chunkCount: Int64 = 0

  /// - Parameter chunkBytes: the length of all chunks but the last.
  /// - Throws: `CheckpointError.unsupportedState`.
  package init(
    _ snapshot: ShardSnapshot, group: String,
    chunkBytes: Int = CheckpointFormat.defaultChunkBytes
  ) throws(CheckpointError) {
    self.init(
      try CheckpointEncoder(
        snapshot.state, position: snapshot.position, chunkBytes: chunkBytes),
      at: snapshot.position, on: snapshot.shelf, group: group)
  }

  /// - Parameter shelf: says what else lies there.
  package init(
    _ content: any CheckpointContent, at position: Int64, on shelf: ShelfState = ShelfState(),
    group: String
  ) {
    self.group = group
    self.position = position
    self.content = content
    removals = shelf.superseded(by: position).flatMap {
      CheckpointRecords.removals(of: $0, chunks: shelf.chunkCounts[$0] ?? 0, group: group)
    }.reversed()
    if let first = removals.indices.last { removals[first].awaitsOthers = true }
  }

  /// What was written; nil until the manifest has been given, and if the content was not whole.
  package var manifest: CheckpointManifest? { isManifestNext ? nil : content.manifest }

  package mutating func next() -> Record? {
    if !isManifestNext { return removals.popLast() }
    if let chunk = content.nextChunk() {
      defer { chunkCount += 1 }
      return Record(key: key(.chunk(at: position, chunkCount)), value: chunk)
    }
    isManifestNext = false
    guard let manifest = content.manifest else {
      // The others are still needed.
      removals = []
      return nil
    }
    return Record(key: key(.manifest(at: position)), value: manifest.line, awaitsOthers: true)
  }

  private func key(_ key: CheckpointKey) -> [UInt8] { key.bytes(group: group) }

  /// The manifest goes first, so that what is left is never taken for a damaged checkpoint.
  private static func removals(of position: Int64, chunks: Int64, group: String) -> [Record] {
    let keys =
      [.manifest(at: position)] + (0..<chunks).map { CheckpointKey.chunk(at: position, $0) }
    return keys.map { Record(key: $0.bytes(group: group), value: nil) }
  }
}
