import System5Core

/// Writes the state of one shard as a checkpoint, chunk by chunk, out of a snapshot that it keeps.
///
/// Equal states give equal bytes, whichever way and in whichever process they came about. What is in
/// memory at a time is one chunk, one frame and the keys of one system in order. Confined to one
/// task; the snapshot's owner goes on meanwhile.
///
///     var encoder = try CheckpointEncoder(state, position: next)
///     while let chunk = encoder.nextChunk() { … }
///     let manifest = encoder.manifest
public struct CheckpointEncoder {
  private let input: InputTopic
  private let position: Int64
  private let rules: UInt64
  private let chunkBytes: Int
  private var steps: AnyIterator<CheckpointStep>
  private var writer = CheckpointWriter()
  private var hash = XXH64()
  private var byteCount: Int64 = 0
  private var chunkCount: Int64 = 0
  /// nil until ``nextChunk()`` has returned nil.
  public private(set) var manifest: CheckpointManifest?

  /// - Parameters:
  ///   - position: the next offset to apply to the state; 0 or more.
  ///   - chunkBytes: the length of all chunks but the last; 1 or more. The content and its hash do
  ///     not depend on it.
  /// - Throws: ``CheckpointError/unsupportedState`` for a store of someone else's.
  public init(
    _ state: any PartitionState, position: Int64,
    chunkBytes: Int = CheckpointFormat.defaultChunkBytes
  ) throws(CheckpointError) {
    switch state {
    case let state as Partition<PolicyStore>: self.init(state, position, chunkBytes)
    case let state as Partition<AdaptationStore>: self.init(state, position, chunkBytes)
    case let state as Partition<VarietyMetricsStore>: self.init(state, position, chunkBytes)
    default: throw .unsupportedState
    }
  }

  private init<Store: EventStore>(
    _ partition: Partition<Store>, _ position: Int64, _ chunkBytes: Int
  ) where Store.System: CheckpointedSystem {
    self.input = Store.input
    self.position = max(0, position)
    self.rules = RulesDigest.digest(of: partition.shard.store.rules, for: Store.input)
    self.chunkBytes = max(1, chunkBytes)
    let header = (input, self.position, rules)
    self.steps = chain([
      one { $0.header(of: header.0, position: header.1, rules: header.2) },
      { partition.shard.store.checkpointSteps },
      { partition.shard.window.checkpointSteps },
      one { $0.end() },
    ])
  }

  /// The next bytes of the content; nil at its end, which is when ``manifest`` is there.
  public mutating func nextChunk() -> [UInt8]? {
    while writer.pending < chunkBytes, let step = steps.next() { step(&writer) }
    let chunk = writer.take(chunkBytes)
    guard !chunk.isEmpty else {
      finish()
      return nil
    }
    hash.update(chunk)
    byteCount += Int64(chunk.count)
    chunkCount += 1
    return chunk
  }

  private mutating func finish() {
    manifest = CheckpointManifest(
      version: CheckpointFormat.version, input: input, position: position,
      chunkCount: chunkCount, byteCount: byteCount, hash: hash.value, systems: writer.systems,
      records: writer.records, rules: rules)
  }
}

extension EventStore where System: CheckpointedSystem {
  fileprivate var checkpointSteps: AnyIterator<CheckpointStep> {
    var rest = systems.inOrder.makeIterator()
    return chain { rest.next().map { chain($0.value.sections(named: $0.key)) } }
  }
}

extension RedeliveryWindow {
  fileprivate var checkpointSteps: AnyIterator<CheckpointStep> {
    let starts = stride(from: 0, to: count, by: CheckpointFormat.windowFrame)
    return AnyIterator(
      starts.lazy.map { start in
        { writer in writer.window(self, from: start) }
      }.makeIterator())
  }
}

extension CheckpointWriter {
  fileprivate mutating func header(of input: InputTopic, position: Int64, rules: UInt64) {
    raw(CheckpointFormat.magic)
    byte(UInt8(truncatingIfNeeded: CheckpointFormat.version))
    byte(UInt8(truncatingIfNeeded: CheckpointFormat.version >> 8))
    frame(.header) {
      $0.code(input)
      $0.integer(position)
      $0.word(rules)
    }
  }

  /// A source that is the one before is not written again: most come in runs.
  fileprivate mutating func window(_ window: RedeliveryWindow, from start: Int) {
    let end = min(start + CheckpointFormat.windowFrame, window.count)
    frame(.window) { writer in
      writer.length(end - start)
      var former: Text?
      for position in start..<end {
        let key = window[position]
        writer.optional(key.source == former ? nil : key.source) { $1.text($0) }
        writer.text(key.id)
        former = key.source
      }
    }
  }

  fileprivate mutating func end() {
    let (systems, records) = (systems, records)
    frame(.end) {
      $0.integer(systems)
      $0.integer(records)
    }
  }
}
