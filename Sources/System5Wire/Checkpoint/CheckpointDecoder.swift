import System5Core

/// Reads a checkpoint: takes its chunks in order, and gives the state once all of them are there and
/// their hash is right. Nothing is made of the bytes before.
///
/// Hostile bytes end in an error, never in a trap: what is read is checked for all that a later
/// operation relies on. At most the manifest's bytes are kept, and they are let go as the state is
/// put together.
///
///     var decoder = try CheckpointDecoder(manifest, input: .variety)
///     for chunk in chunks { try decoder.add(chunk) }
///     let state = try decoder.finish(rules: rules)
public struct CheckpointDecoder {
  private let manifest: CheckpointManifest
  private var chunks: [[UInt8]] = []
  private var byteCount: Int64 = 0
  private var hash = XXH64()

  /// - Parameter input: the topic whose state is wanted.
  /// - Throws: ``CheckpointError/wrongInput(expected:found:)``.
  public init(_ manifest: CheckpointManifest, input: InputTopic) throws(CheckpointError) {
    guard manifest.input == input else {
      throw .wrongInput(expected: input, found: manifest.input)
    }
    self.manifest = manifest
  }

  /// Takes the next chunk.
  ///
  /// - Throws: ``CheckpointError/tooLong(chunks:bytes:)``; then the chunk has not been taken.
  public mutating func add(_ chunk: [UInt8]) throws(CheckpointError) {
    guard Int64(chunks.count) < manifest.chunkCount,
      Int64(chunk.count) <= manifest.byteCount - byteCount
    else { throw .tooLong(chunks: manifest.chunkCount, bytes: manifest.byteCount) }
    byteCount += Int64(chunk.count)
    hash.update(chunk)
    chunks.append(chunk)
  }

  /// The state, to be gone on with from the manifest's position.
  ///
  /// - Parameter rules: those that the state grew under, which
  ///   ``CheckpointManifest/wasMade(under:)`` tells; others are taken too.
  public consuming func finish(rules: Rules) throws(CheckpointError) -> any PartitionState {
    guard Int64(chunks.count) == manifest.chunkCount, byteCount == manifest.byteCount else {
      throw .truncated(
        chunks: Int64(chunks.count), of: manifest.chunkCount, bytes: byteCount,
        ofBytes: manifest.byteCount)
    }
    guard hash.value == manifest.hash else {
      throw .hashMismatch(expected: manifest.hash, found: hash.value)
    }
    let reader = FrameReader(chunks, byteCount: Int(byteCount))
    chunks = []
    return try CheckpointDecoder.state(from: reader, manifest, rules)
  }

  private static func state(
    from reader: consuming FrameReader, _ manifest: CheckpointManifest, _ rules: Rules
  ) throws(CheckpointError) -> any PartitionState {
    switch manifest.input {
    case .policy: try StateReader<PolicyStore>(reader, rules).partition(manifest)
    case .adaptation: try StateReader<AdaptationStore>(reader, rules).partition(manifest)
    case .variety: try StateReader<VarietyMetricsStore>(reader, rules).partition(manifest)
    }
  }
}
