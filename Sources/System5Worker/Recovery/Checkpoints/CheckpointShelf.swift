import System5Core
import System5Wire

/// The checkpoints of one shard, put together from the records of its checkpoint partition, read in
/// order from the first to the last.
package struct CheckpointShelf {
  struct Place {
    var manifest: [UInt8]?
    /// When the manifest was written, in milliseconds since 1970.
    var writtenAt: Int64?
    var chunks: [Int64: [UInt8]] = [:]
  }

  private let group: String
  private(set) var places: [CheckpointSlot: Place] = [:]
  private(set) package var bytes = 0

  package init(group: String) { self.group = group }

  /// Takes the next record. Later ones with the same key replace earlier ones, compacted or not.
  ///
  /// - Parameter timestamp: the record's, in milliseconds since 1970.
  package mutating func add(
    key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?, timestamp: Int64? = nil
  ) {
    guard let key, let key = CheckpointKey(key, group: group) else { return }
    bytes += value?.count ?? 0
    let value = value.map { Array($0) }
    switch key {
    case .manifest(let slot):
      places[slot, default: Place()].manifest = value
      places[slot]?.writtenAt = timestamp
    case .chunk(let slot, let number): places[slot, default: Place()].chunks[number] = value
    }
  }

  /// The newest intact checkpoint at or before what the group has committed, and why others were
  /// not used.
  package consuming func answer(_ request: CheckpointRequest) -> CheckpointLoad {
    var shelf = ShelfState()
    shelf.chunkCounts = chunkCounts
    var rejections: [CheckpointRejection] = []
    for (slot, manifest) in candidates(request, &rejections) {
      do throws(CheckpointError) {
        let state = try decode(slot, manifest, request.input, request.rules)
        shelf.next = slot.other
        return CheckpointLoad(
          request: request,
          outcome: .found(
            ShelvedState(state: state, position: manifest.position, bytes: manifest.byteCount)),
          rejections: rejections, shelf: shelf)
      } catch {
        rejections.append(.broken(error.description))
      }
    }
    return CheckpointLoad(
      request: request, outcome: .none, rejections: rejections, shelf: shelf)
  }

  /// Newest first; of equals the first place.
  private func candidates(
    _ request: CheckpointRequest, _ rejections: inout [CheckpointRejection]
  ) -> [(CheckpointSlot, CheckpointManifest)] {
    var found: [(CheckpointSlot, CheckpointManifest)] = []
    for slot in CheckpointSlot.allCases {
      guard let line = places[slot]?.manifest else { continue }
      do throws(CheckpointError) {
        let manifest = try CheckpointManifest.parse(line)
        if let rejection = manifest.rejection(
          committed: request.committed, rules: request.rules)
        {
          rejections.append(rejection)
        } else {
          found.append((slot, manifest))
        }
      } catch .unknownVersion(let version) {
        rejections.append(.unknownVersion(version))
      } catch {
        rejections.append(.broken(error.description))
      }
    }
    return found.sorted { $0.1.position > $1.1.position }
  }

  /// How many chunks lie in each place, whatever they are.
  package var chunkCounts: [CheckpointSlot: Int64] {
    places.mapValues { $0.chunks.keys.max().map { $0 + 1 } ?? 0 }
  }

  func decode(
    _ slot: CheckpointSlot, _ manifest: CheckpointManifest, _ input: InputTopic, _ rules: Rules
  ) throws(CheckpointError) -> any PartitionState {
    var decoder = try CheckpointDecoder(manifest, input: input)
    for number in 0..<manifest.chunkCount {
      guard let chunk = places[slot]?.chunks[number] else { break }
      try decoder.add(chunk)
    }
    return try decoder.finish(rules: rules)
  }
}

extension CheckpointManifest {
  /// Why a group that has committed so much does not go on from it, whatever its content is.
  package func rejection(committed: Int64?, rules: Rules) -> CheckpointRejection? {
    if position > committed ?? 0 { return .ahead(position: position) }
    return wasMade(under: rules) ? nil : .otherRules(position: position)
  }
}
