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
    fileprivate let key: Key
    fileprivate let tag: UInt32
  }

  private let capacity: Int
  private var log = KeyLog()
  /// Of the keys of the log, or empty as in a snapshot.
  private var index = KeyIndex()

  /// A log of 2^31 keys fits into no memory, and positions in it fit into 32 bits.
  init(capacity: Int) { self.capacity = min(max(1, capacity), 1 << 31) }

  package var count: Int { log.count }

  /// - Parameter position: 0 for the oldest key, below ``count``.
  package subscript(position: Int) -> Key { log.key(at: log.first + position) }

  /// The same window without its index of 2 MB, which the next change would otherwise copy.
  var snapshot: RedeliveryWindow {
    var copy = self
    copy.index = KeyIndex()
    return copy
  }

  /// What the log takes up, and its index, which a snapshot does not have but its original does.
  var storageBytes: Int { log.storageBytes + KeyIndex.storageBytes(entries: log.storedCount) }

  /// nil if the window contains the key. The answer is good until the next insertion.
  mutating func find(_ key: Key) -> Absent? {
    // In a window that was a snapshot this takes about 5 ms, once.
    if index.count != log.storedCount { index = log.makeIndex() }
    let tag = KeyHash.tag(of: key)
    return index.contains(tag) { log.holds(key, at: $0) } ? nil : Absent(key: key, tag: tag)
  }

  mutating func insert(_ absent: Absent) {
    if log.count >= capacity { log.forgetOldest { index.remove($0) } }
    index.insert(log.append(absent.key, tag: absent.tag))
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

  /// With those that no longer count, but whose chunk is there for the keys behind them.
  var storedCount: Int { end - start }

  var storageBytes: Int {
    chunks.reduce(Footprint.storage(chunks)) {
      $0 + Footprint.storage($1.bytes) + Footprint.storage($1.keys)
    }
  }

  mutating func append(_ key: RedeliveryWindow.Key, tag: UInt32) -> KeyIndex.Entry {
    if (end - start) % KeyLog.chunkSize == 0 { chunks.append(Chunk()) }
    chunks[chunks.count - 1].append(key, tag: tag)
    end += 1
    return KeyIndex.Entry(tag: tag, position: end - 1)
  }

  /// There must be a key. Hands over the keys of a chunk once none of them counts.
  ///
  /// A chunk at a time: to find one key in the index is to wait for memory, and to find many is to
  /// wait for all of them at once.
  mutating func forgetOldest(_ body: (KeyIndex.Entry) -> Void) {
    first += 1
    guard first - start == KeyLog.chunkSize else { return }
    for position in start..<first { body(entry(at: position)) }
    chunks.removeFirst()
    start = first
  }

  func key(at position: Int) -> RedeliveryWindow.Key {
    chunk(at: position).key(at: (position - start) % KeyLog.chunkSize)
  }

  func holds(_ key: RedeliveryWindow.Key, at position: UInt32) -> Bool {
    // Positions in the index are cut to 32 bits; those in the window lie closer together.
    let distance = Int(position &- UInt32(truncatingIfNeeded: first))
    // The index may still have some that no longer count.
    return distance < count && self.key(at: first + distance) == key
  }

  func makeIndex() -> KeyIndex {
    var index = KeyIndex()
    for position in start..<end { index.insert(entry(at: position)) }
    return index
  }

  private func entry(at position: Int) -> KeyIndex.Entry {
    let tag = chunk(at: position).keys[(position - start) % KeyLog.chunkSize].tag
    return KeyIndex.Entry(tag: tag, position: position)
  }

  private func chunk(at position: Int) -> Chunk {
    chunks[(position - start) / KeyLog.chunkSize]
  }

  /// Keys as bytes, since a `String` longer than 15 bytes would be an object of its own.
  private struct Chunk {
    var bytes: [UInt8] = []
    var keys: [(tag: UInt32, sourceEnd: UInt32, end: UInt32)] = []

    mutating func append(_ key: RedeliveryWindow.Key, tag: UInt32) {
      append(key.source)
      let sourceEnd = bytes.count
      append(key.id)
      keys.append(
        (tag, UInt32(truncatingIfNeeded: sourceEnd), UInt32(truncatingIfNeeded: bytes.count)))
    }

    /// In one piece, which a string's bytes are but do not say.
    private mutating func append(_ text: Text) {
      text.string.utf8.withContiguousStorageIfAvailable { bytes.append(contentsOf: $0) }
        ?? bytes.append(contentsOf: text.string.utf8)
    }

    func key(at index: Int) -> RedeliveryWindow.Key {
      let start = index == 0 ? 0 : Int(keys[index - 1].end)
      let (middle, end) = (Int(keys[index].sourceEnd), Int(keys[index].end))
      return RedeliveryWindow.Key(
        source: Text(String(decoding: bytes[start..<middle], as: UTF8.self)),
        id: Text(String(decoding: bytes[middle..<end], as: UTF8.self)))
    }
  }
}
