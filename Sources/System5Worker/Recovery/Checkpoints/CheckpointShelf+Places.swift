import System5Core
import System5Wire

/// One place of a shard's checkpoints, looked at for itself.
package struct CheckpointPlace: Sendable {
  package enum Condition: Sendable, Hashable {
    case empty
    /// Chunks without a manifest: a write that is under way, or was given up.
    case unfinished
    /// All chunks are there, their hash is right, and a state comes out of them.
    case intact
    /// The manifest, the chunks or the state is not as it should be.
    case faulty(CheckpointError)
  }

  package let slot: CheckpointSlot
  /// nil if there is none, or none that can be read.
  package let manifest: CheckpointManifest?
  /// When the manifest was written, in milliseconds since 1970.
  package let writtenAt: Int64?
  package let condition: Condition

  package init(
    slot: CheckpointSlot, manifest: CheckpointManifest?, writtenAt: Int64?, condition: Condition
  ) {
    self.slot = slot
    self.manifest = manifest
    self.writtenAt = writtenAt
    self.condition = condition
  }

  /// The manifest of a checkpoint that a state can be had from.
  package var intact: CheckpointManifest? { condition == .intact ? manifest : nil }
}

extension CheckpointShelf {
  /// Both places, each decoded in full and let go again.
  package func inspect(_ input: InputTopic, rules: Rules) -> [CheckpointPlace] {
    CheckpointSlot.allCases.map { place($0, input, rules) }
  }

  /// The chunks that lie in a place, in order, up to the first that is missing.
  package func chunks(of slot: CheckpointSlot) -> [[UInt8]] {
    guard let chunks = places[slot]?.chunks else { return [] }
    return (0..<Int64(chunks.count)).map { chunks[$0] }.prefix { $0 != nil }.compactMap { $0 }
  }

  private func place(
    _ slot: CheckpointSlot, _ input: InputTopic, _ rules: Rules
  ) -> CheckpointPlace {
    let place = places[slot] ?? Place()
    var manifest: CheckpointManifest?
    var condition = place.chunks.isEmpty ? CheckpointPlace.Condition.empty : .unfinished
    if let line = place.manifest {
      do throws(CheckpointError) {
        let parsed = try CheckpointManifest.parse(line)
        manifest = parsed
        _ = try decode(slot, parsed, input, rules)
        condition = .intact
      } catch {
        condition = .faulty(error)
      }
    }
    return CheckpointPlace(
      slot: slot, manifest: manifest, writtenAt: place.manifest == nil ? nil : place.writtenAt,
      condition: condition)
  }
}
