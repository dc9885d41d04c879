import HashTreeCollections
import System5Core
import System5Wire
import System5Worker

/// A state that makes a mistake around one that makes none.
protocol MistakenState: PartitionState {
  var inner: any PartitionState { get }
}

extension MistakenState {
  var input: InputTopic { inner.input }
  var systemCount: Int { inner.systemCount }
}

/// A state that is one object, however often it is copied.
///
/// `@unchecked`: confined to the simulation's one thread.
private final class SharedState: MistakenState, @unchecked Sendable {
  private(set) var inner: any PartitionState

  init(_ inner: any PartitionState) { self.inner = inner }

  func process(
    _ record: RawRecord, at position: Position, decoder: EventDecoder,
    into results: inout [ResultRecord]
  ) -> Disposition {
    inner.process(record, at: position, decoder: decoder, into: &results)
  }
}

/// A state that remembers the newest of its copies.
private struct RememberingState: MistakenState {
  /// `@unchecked`: confined to the simulation's one thread.
  final class Newest: @unchecked Sendable {
    var state: any PartitionState
    init(_ state: any PartitionState) { self.state = state }
  }

  private(set) var inner: any PartitionState
  let newest: Newest

  init(_ inner: any PartitionState) {
    self.inner = inner
    newest = Newest(inner)
  }

  mutating func process(
    _ record: RawRecord, at position: Position, decoder: EventDecoder,
    into results: inout [ResultRecord]
  ) -> Disposition {
    defer { newest.state = inner }
    return inner.process(record, at: position, decoder: decoder, into: &results)
  }
}

/// A state whose results come in the order of a hash table.
private struct HashOrderedState: MistakenState {
  private(set) var inner: any PartitionState

  init(_ inner: any PartitionState) { self.inner = inner }

  mutating func process(
    _ record: RawRecord, at position: Position, decoder: EventDecoder,
    into results: inout [ResultRecord]
  ) -> Disposition {
    var own: [ResultRecord] = []
    let disposition = inner.process(record, at: position, decoder: decoder, into: &own)
    results += Set(own)
    return disposition
  }
}

extension MistakeMemory {
  var stateFactory: StateFactory {
    { [self] input, rules in wrap(input.emptyPartition(rules: rules)) }
  }

  private func wrap(_ state: any PartitionState) -> any PartitionState {
    switch mistake {
    case .stateNotRolledBack: SharedState(state)
    case .checkpointOfUncommitted: RememberingState(state)
    case .hashOrder: HashOrderedState(state)
    default: state
    }
  }

  static func unwrapped(_ state: any PartitionState) -> any PartitionState {
    (state as? any MistakenState)?.inner ?? state
  }

  // MARK: Checkpoints

  /// What is written instead of what should be.
  func snapshot(_ snapshot: ShardSnapshot) -> ShardSnapshot {
    var state = MistakeMemory.unwrapped(snapshot.state)
    var position = snapshot.position
    switch mistake {
    case .checkpointAhead: position += 3
    case .checkpointOfUncommitted:
      state = (snapshot.state as? RememberingState)?.newest.state ?? state
    default: break
    }
    return ShardSnapshot(
      partition: snapshot.partition, input: snapshot.input, state: state, position: position,
      shelf: snapshot.shelf)
  }

  /// What is made of what was read.
  func loaded(_ load: CheckpointLoad) -> CheckpointLoad {
    guard mistake != nil, case .found(let shelved) = load.outcome else { return load }
    let state = ShelvedState(
      state: wrap(damaged(shelved.state)), position: shelved.position, bytes: shelved.bytes)
    return CheckpointLoad(
      request: load.request, outcome: .found(state), rejections: load.rejections,
      shelf: load.shelf)
  }

  private func damaged(_ state: any PartitionState) -> any PartitionState {
    switch (mistake, state) {
    case (.alertsForgotten, let state as Partition<VarietyMetricsStore>):
      var store = state.shard.store
      for (system, _) in state.shard.store.systems { store.systems[system]?.forgetAlerts() }
      return Partition(restoring: state.shard.replacingStore(store))
    case (.windowForgotten, let state as Partition<PolicyStore>): return state.withoutWindow
    case (.windowForgotten, let state as Partition<AdaptationStore>): return state.withoutWindow
    case (.windowForgotten, let state as Partition<VarietyMetricsStore>):
      return state.withoutWindow
    default: return state
    }
  }

  /// Makes each manifest say that what lies there is what was written.
  func mendHashes(in shelf: inout CheckpointShelf, of log: CheckpointLog, group: String) {
    guard mistake == .hashUnchecked else { return }
    var last: [[UInt8]: [UInt8]] = [:]
    for entry in log.entries { last[entry.key] = entry.value }
    for position in shelf.chunkCounts.keys.sorted() {
      let key = CheckpointKey.manifest(at: position).bytes(group: group)
      guard let line = last[key], let manifest = try? CheckpointManifest.parse(line) else {
        continue
      }
      let content = (0..<manifest.chunkCount).flatMap {
        last[CheckpointKey.chunk(at: position, $0).bytes(group: group)] ?? []
      }
      let mended = manifest.replacingHash(XXH64.hash(content)).line
      key.withUnsafeBytes { key in mended.withUnsafeBytes { shelf.add(key: key, value: $0) } }
    }
  }
}

extension SystemVariety {
  /// As if nothing were firing.
  fileprivate mutating func forgetAlerts() {
    for (name, source) in sources {
      var source = source
      source.above = source.above.map(idle)
      source.below = source.below.map(idle)
      sources[name] = source
    }
  }
}

private func idle(_ watch: Watch) -> Watch {
  Watch(rule: watch.rule, violatingSince: nil, isFiring: false)
}

extension Shard {
  fileprivate func replacingStore(_ store: Store) -> Shard {
    var result = Shard(restoring: store)
    for position in 0..<window.count { _ = result.remember(window[position]) }
    return result
  }
}

extension Partition {
  fileprivate var withoutWindow: Partition {
    Partition(restoring: Shard(restoring: shard.store))
  }
}
