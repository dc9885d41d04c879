import System5Core

/// Puts a partition together from the frames of its checkpoint.
struct StateReader<Store: EventStore>
where Store.System: CheckpointedSystem, Store.System.Payload: WirePayload {
  private var reader: FrameReader
  private var store: Store
  private var frame: CheckpointFrame
  private var system: Store.System.Reader

  init(_ reader: consuming FrameReader, _ rules: Rules) throws(CheckpointError) {
    self.reader = reader
    self.store = Store(rules: rules)
    self.system = Store.System.Reader(rules: rules)
    try self.reader.readMagic()
    self.frame = try self.reader.next()
  }

  consuming func partition(
    _ manifest: CheckpointManifest
  ) throws(CheckpointError) -> Partition<Store> {
    try readHeader(manifest)
    try readSystems()
    var shard = Shard(restoring: store)
    try readWindow(into: &shard)
    try readEnd(manifest, systems: Int64(store.systems.count))
    return Partition(restoring: shard)
  }

  private mutating func readHeader(_ manifest: CheckpointManifest) throws(CheckpointError) {
    guard frame.kind == .header else { throw frame.cursor.misplaced(frame.kind) }
    guard try frame.cursor.code(InputTopic.self) == manifest.input else {
      throw .contradiction(CheckpointManifest.Member.input)
    }
    guard try frame.cursor.integer() == manifest.position else {
      throw .contradiction(CheckpointManifest.Member.position)
    }
    guard try frame.cursor.word() == manifest.rules else {
      throw .contradiction(CheckpointManifest.Member.rules)
    }
    try advance()
  }

  private mutating func readSystems() throws(CheckpointError) {
    var order = FrameOrder()
    while frame.kind == .system {
      let name = try frame.cursor.text()
      try order.check(.system, name, before: frame.cursor)
      store.systems.restore(try readSystem(), as: name)
    }
  }

  private mutating func readSystem() throws(CheckpointError) -> Store.System {
    try system.begin(&frame.cursor)
    var order = FrameOrder()
    try advance()
    while ![.system, .window, .end].contains(frame.kind) {
      try system.take(frame.kind, &frame.cursor, order: &order)
      try advance()
    }
    return try system.finish(before: frame.cursor)
  }

  /// All frames but the last are full.
  private mutating func readWindow(into shard: inout Shard<Store>) throws(CheckpointError) {
    var isLast = false
    while frame.kind == .window {
      let count = try frame.cursor.length()
      guard (1...CheckpointFormat.windowFrame).contains(count), !isLast else {
        throw frame.cursor.malformed("a window's frame of \(count) events")
      }
      isLast = count < CheckpointFormat.windowFrame
      try readWindow(count, into: &shard)
      try advance()
    }
  }

  private mutating func readWindow(
    _ count: Int, into shard: inout Shard<Store>
  ) throws(CheckpointError) {
    var former: Text?
    for _ in 0..<count {
      let source = try frame.cursor.optional { (cursor) throws(CheckpointError) in
        try cursor.sharedText()
      }
      guard source != former, let source = source ?? former else {
        throw frame.cursor.malformed("an event's source, which is missing or needless")
      }
      guard shard.remember(.init(source: source, id: try frame.cursor.text())) else {
        throw frame.cursor.malformed("an event that is in the window already")
      }
      former = source
    }
  }

  private mutating func readEnd(
    _ manifest: CheckpointManifest, systems: Int64
  ) throws(CheckpointError) {
    guard frame.kind == .end else { throw frame.cursor.misplaced(frame.kind) }
    guard try frame.cursor.integer() == systems, try frame.cursor.integer() == system.records else {
      throw frame.cursor.malformed("totals that are not those of the frames before")
    }
    guard manifest.systems == systems else {
      throw .contradiction(CheckpointManifest.Member.systems)
    }
    guard manifest.records == system.records else {
      throw .contradiction(CheckpointManifest.Member.records)
    }
    try frame.cursor.finish()
    try reader.finish()
  }

  /// Goes to the next frame; the one before must have been read to its end.
  private mutating func advance() throws(CheckpointError) {
    try frame.cursor.finish()
    try reader.advance(&frame)
  }
}

extension FrameReader {
  fileprivate mutating func readMagic() throws(CheckpointError) {
    var cursor = try raw(CheckpointFormat.magic.count + 2)
    for expected in CheckpointFormat.magic where try cursor.byte() != expected {
      throw cursor.malformed("not a checkpoint's content")
    }
    let version = Int64(try cursor.byte()) | Int64(try cursor.byte()) << 8
    guard version == CheckpointFormat.version else { throw .unknownVersion(version) }
  }
}
