/// The last events of a shard, to recognise one that a producer sent twice.
///
/// Exact: the keys themselves are compared, never only a hash of them. They lie one behind the other
/// in a log, which is all that a snapshot needs; an index tells where to look in it.
package struct RedeliveryWindow: Sendable {
  package struct Key: Hashable, Sendable {
    package let source: Text
    package let id: Text

    package init(source: Text, id: Text) {
      self.source = source
      self.id = id
    }
  }

  /// A key that was looked for and is not there: what it takes to add it.
  struct Absent {
    fileprivate let tag: UInt32
  }

  private let capacity: Int
  private var log = KeyLog()
  /// Of the keys of the log; nil in a snapshot.
  private var index: KeyIndex? = KeyIndex()

  /// A log of 2^31 keys fits into no memory, and positions in it fit into 32 bits.
  init(capacity: Int) { self.capacity = min(max(1, capacity), 1 << 31) }

  package var count: Int { log.count }

  /// - Parameter position: 0 for the oldest key, below ``count``.
  package subscript(position: Int) -> Key { log.key(at: log.first + position) }

  /// The same window without its index of 2 MB, which the next change would otherwise copy.
  var snapshot: RedeliveryWindow {
    var copy = self
    copy.index = nil
    return copy
  }

  /// What the log takes up, and its index, which a snapshot does not have but its original does.
  var storageBytes: Int { log.storageBytes + KeyIndex.storageBytes(keys: log.count) }

  /// nil if the window contains the key. The answer is good until the next insertion.
  mutating func find(source: RawSpan, id: RawSpan) -> Absent? {
    // In a window that was a snapshot this takes about 5 ms, once.
    if index == nil { index = log.makeIndex() }
    let tag = KeyHash.tag(source: source, id: id)
    let isKnown = index?.contains(tag, in: log.range) { log.holds(source, id, at: $0) }
    return isKnown == true ? nil : Absent(tag: tag)
  }

  /// Adds the key that was not found, and forgets the oldest if there are too many.
  mutating func insert(_ absent: Absent, source: RawSpan, id: RawSpan) {
    if log.count >= capacity { log.forgetOldest() }
    let position = log.append(source, id, tag: absent.tag)
    if index?.isFull(keys: log.count) == true {
      index = log.makeIndex()
    } else {
      index?.insert(absent.tag, at: position, in: log.range)
    }
  }
}

/// The keys of a window in order of arrival, by position: how many came before.
///
/// Cut into chunks, so that a change after a snapshot copies one of them.
struct KeyLog {
  private static let chunkSize = 512

  private var chunks: [Chunk] = []
  /// The position of the first key of the first chunk.
  private var start = 0
  /// The positions of the oldest key that counts and of the next to come.
  private(set) var first = 0
  private(set) var end = 0

  var count: Int { end - first }

  var range: KeyIndex.Window {
    KeyIndex.Window(first: UInt32(truncatingIfNeeded: first), count: count)
  }

  var storageBytes: Int {
    chunks.reduce(Footprint.storage(chunks)) {
      $0 + Footprint.storage($1.bytes) + Footprint.storage($1.keys)
    }
  }

  /// Returns its position, cut to 32 bits.
  mutating func append(_ source: RawSpan, _ id: RawSpan, tag: UInt32) -> UInt32 {
    if (end - start) % KeyLog.chunkSize == 0 { chunks.append(Chunk(like: chunks.last)) }
    chunks[chunks.count - 1].append(source, id, tag: tag)
    end += 1
    return UInt32(truncatingIfNeeded: end - 1)
  }

  /// There must be a key.
  mutating func forgetOldest() {
    first += 1
    guard first - start == KeyLog.chunkSize else { return }
    chunks.removeFirst()
    start = first
  }

  func key(at position: Int) -> RedeliveryWindow.Key {
    chunk(at: position).key(at: (position - start) % KeyLog.chunkSize)
  }

  /// - Parameter position: one that counts, cut to 32 bits.
  func holds(_ source: RawSpan, _ id: RawSpan, at position: UInt32) -> Bool {
    let position = first + Int(position &- UInt32(truncatingIfNeeded: first))
    return chunk(at: position).holds(source, id, at: (position - start) % KeyLog.chunkSize)
  }

  func makeIndex() -> KeyIndex {
    var index = KeyIndex(keys: count)
    for position in first..<end {
      let tag = chunk(at: position).keys[(position - start) % KeyLog.chunkSize].tag
      index.insert(tag, at: UInt32(truncatingIfNeeded: position), in: range)
    }
    return index
  }

  private func chunk(at position: Int) -> Chunk {
    chunks[(position - start) / KeyLog.chunkSize]
  }

  /// Keys as bytes, since a `String` longer than 15 bytes would be an object of its own.
  private struct Chunk {
    var bytes: [UInt8] = []
    var keys: [(tag: UInt32, sourceEnd: UInt32, end: UInt32)] = []

    /// With room for what one like it needs.
    init(like full: Chunk?) {
      guard let full else { return }
      bytes.reserveCapacity(full.bytes.count)
      keys.reserveCapacity(KeyLog.chunkSize)
    }

    mutating func append(_ source: RawSpan, _ id: RawSpan, tag: UInt32) {
      source.withUnsafeBytes { bytes.append(contentsOf: $0) }
      let sourceEnd = UInt32(truncatingIfNeeded: bytes.count)
      id.withUnsafeBytes { bytes.append(contentsOf: $0) }
      keys.append((tag, sourceEnd, UInt32(truncatingIfNeeded: bytes.count)))
    }

    func holds(_ source: RawSpan, _ id: RawSpan, at index: Int) -> Bool {
      let (sourceBytes, idBytes) = ranges(at: index)
      let all = bytes.span.bytes
      return all.extracting(sourceBytes).isEqual(to: source)
        && all.extracting(idBytes).isEqual(to: id)
    }

    func key(at index: Int) -> RedeliveryWindow.Key {
      let (source, id) = ranges(at: index)
      return RedeliveryWindow.Key(
        source: Text(String(decoding: bytes[source], as: UTF8.self)),
        id: Text(String(decoding: bytes[id], as: UTF8.self)))
    }

    private func ranges(at index: Int) -> (source: Range<Int>, id: Range<Int>) {
      let start = index == 0 ? 0 : Int(keys[index - 1].end)
      let (middle, end) = (Int(keys[index].sourceEnd), Int(keys[index].end))
      return (start..<middle, middle..<end)
    }
  }
}
