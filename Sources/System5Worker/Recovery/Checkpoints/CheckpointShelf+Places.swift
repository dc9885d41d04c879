import System5Core
import System5Wire

/// What lies at one position of a shard's checkpoints, looked at for itself.
package struct CheckpointPlace: Sendable {
  package enum Condition: Sendable, Hashable {
    /// Chunks without a manifest: a write that is under way, or was given up.
    case unfinished
    /// All chunks are there, their hash is right, and a state comes out of them.
    case intact
    /// The manifest, the chunks or the state is not as it should be.
    case faulty(CheckpointError)
  }

  /// As the keys of its records say.
  package let position: Int64
  /// nil if there is none, or none that can be read.
  package let manifest: CheckpointManifest?
  /// When the manifest was written, in milliseconds since 1970.
  package let writtenAt: Int64?
  package let condition: Condition

  package init(
    position: Int64, manifest: CheckpointManifest?, writtenAt: Int64?, condition: Condition
  ) {
    self.position = position
    self.manifest = manifest
    self.writtenAt = writtenAt
    self.condition = condition
  }

  /// The manifest of a checkpoint that a state can be had from.
  package var intact: CheckpointManifest? { condition == .intact ? manifest : nil }
}

extension CheckpointShelf {
  /// All that lies there, by position, each decoded in full and let go again.
  package func inspect(_ input: InputTopic, rules: Rules) -> [CheckpointPlace] {
    places.keys.sorted().compactMap { place($0, input, rules) }
  }

  /// The chunks that lie at a position, in order, up to the first that is missing.
  package func chunks(at position: Int64) -> [[UInt8]] {
    guard let chunks = places[position]?.chunks else { return [] }
    return (0..<Int64(chunks.count)).map { chunks[$0] }.prefix { $0 != nil }.compactMap { $0 }
  }

  /// nil where everything was taken away again.
  private func place(
    _ position: Int64, _ input: InputTopic, _ rules: Rules
  ) -> CheckpointPlace? {
    guard let place = places[position] else { return nil }
    var manifest: CheckpointManifest?
    var condition = CheckpointPlace.Condition.unfinished
    if let line = place.manifest {
      do throws(CheckpointError) {
        let parsed = try CheckpointManifest.parse(line, at: position)
        manifest = parsed
        _ = try decode(parsed, input, rules)
        condition = .intact
      } catch {
        condition = .faulty(error)
      }
    }
    return CheckpointPlace(
      position: position, manifest: manifest,
      writtenAt: place.manifest == nil ? nil : place.writtenAt, condition: condition)
  }
}
