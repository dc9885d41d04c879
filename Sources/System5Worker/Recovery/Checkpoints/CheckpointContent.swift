import System5Wire

/// What the records of a checkpoint are made from: a state that is being encoded, or the chunks of
/// a file.
package protocol CheckpointContent {
  /// The next chunk; nil at the end, and where it cannot go on.
  mutating func nextChunk() -> [UInt8]?
  /// There once all chunks have been given; nil for good if they could not all be.
  var manifest: CheckpointManifest? { get }
}

extension CheckpointEncoder: CheckpointContent {}
