import System5Core
import System5Wire

/// A checkpoint in memory.
public struct Checkpoint: Sendable {
  public let manifest: CheckpointManifest
  public let chunks: [[UInt8]]

  public init(of state: any PartitionState) {
    do {
      var encoder = try CheckpointEncoder(state, position: 0)
      var chunks: [[UInt8]] = []
      while let chunk = encoder.nextChunk() { chunks.append(chunk) }
      guard let manifest = encoder.manifest else { fatalError("a checkpoint without an end") }
      self.manifest = manifest
      self.chunks = chunks
    } catch {
      fatalError("\(error)")
    }
  }

  public func load() -> any PartitionState {
    do {
      var decoder = try CheckpointDecoder(manifest, input: manifest.input)
      for chunk in chunks { try decoder.add(chunk) }
      return try decoder.finish(rules: Rules())
    } catch {
      fatalError("\(error)")
    }
  }
}
