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
  /// By position.
  private(set) var places: [Int64: Place] = [:]
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
    case .manifest(let position):
      places[position, default: Place()].manifest = value
      places[position]?.writtenAt = timestamp
      forgetIfEmpty(position)
    case .chunk(let position, let number):
      places[position, default: Place()].chunks[number] = value
      forgetIfEmpty(position)
    }
  }

  private mutating func forgetIfEmpty(_ position: Int64) {
    guard let place = places[position], place.manifest == nil, place.chunks.isEmpty else { return }
    places.removeValue(forKey: position)
  }

  /// The newest intact checkpoint at or before what the group has committed, and why others were
  /// not used.
  package consuming func answer(_ request: CheckpointRequest) -> CheckpointLoad {
    var shelf = ShelfState()
    shelf.chunkCounts = chunkCounts
    var rejections: [CheckpointRejection] = []
    for manifest in candidates(request, &rejections) {
      do throws(CheckpointError) {
        let state = try decode(manifest, request.input, request.rules)
        shelf.newest = manifest.position
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

  /// Newest first.
  private func candidates(
    _ request: CheckpointRequest, _ rejections: inout [CheckpointRejection]
  ) -> [CheckpointManifest] {
    var found: [CheckpointManifest] = []
    for position in places.keys.sorted(by: >) {
      guard let line = places[position]?.manifest else { continue }
      do throws(CheckpointError) {
        let manifest = try CheckpointManifest.parse(line, at: position)
        if let rejection = manifest.rejection(
          committed: request.committed, rules: request.rules)
        {
          rejections.append(rejection)
        } else {
          found.append(manifest)
        }
      } catch .unknownVersion(let version) {
        rejections.append(.unknownVersion(version))
      } catch {
        rejections.append(.broken(error.description))
      }
    }
    return found
  }

  /// How many chunks lie at each position, whatever they are.
  package var chunkCounts: [Int64: Int64] {
    places.mapValues { $0.chunks.keys.max().map { $0 + 1 } ?? 0 }
  }

  func decode(
    _ manifest: CheckpointManifest, _ input: InputTopic, _ rules: Rules
  ) throws(CheckpointError) -> any PartitionState {
    var decoder = try CheckpointDecoder(manifest, input: input)
    for number in 0..<manifest.chunkCount {
      guard let chunk = places[manifest.position]?.chunks[number] else { break }
      try decoder.add(chunk)
    }
    return try decoder.finish(rules: rules)
  }
}

extension CheckpointManifest {
  /// A manifest that lies under the keys of this position.
  static func parse(
    _ line: [UInt8], at position: Int64
  ) throws(CheckpointError) -> CheckpointManifest {
    let manifest = try parse(line)
    guard manifest.position == position else {
      throw .notAManifest("it lies at \(position) and says that it stands at \(manifest.position).")
    }
    return manifest
  }

  /// Why a group that has committed so much does not go on from it, whatever its content is.
  package func rejection(committed: Int64?, rules: Rules) -> CheckpointRejection? {
    if position > committed ?? 0 { return .ahead(position: position) }
    return wasMade(under: rules) ? nil : .otherRules(position: position)
  }
}
