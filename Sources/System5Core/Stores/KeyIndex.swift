/// Where the keys of a log lie, found by a tag: a hash table with linear probing.
///
/// One array of words that is changed in place: a persistent tree took a tenth of the event path.
struct KeyIndex {
  /// A key's tag, a hash of 31 bits, and its position, cut to 32 bits.
  struct Entry {
    fileprivate let word: UInt64

    init(tag: UInt32, position: Int) {
      word = UInt64(tag) << 32 | UInt64(UInt32(truncatingIfNeeded: position))
    }

    fileprivate init(word: UInt64) { self.word = word }

    var tag: UInt32 { UInt32(truncatingIfNeeded: word >> 32) }
    var position: UInt32 { UInt32(truncatingIfNeeded: word) }
  }

  /// No entry, as its tag would have 32 bits.
  private static let empty = UInt64.max

  /// At most five eighths full, for a window with a chunk to spare; a power of two long.
  private var slots: [UInt64]
  private var mask: Int
  private(set) var count = 0

  private static let leastSlots = 64

  /// Of an index that has grown to so many entries.
  static func storageBytes(entries: Int) -> Int {
    var slots = leastSlots
    while isFull(slots: slots, entries: entries - 1) { slots *= 2 }
    return Footprint.block(32 + slots * MemoryLayout<UInt64>.stride)
  }

  /// Whether the next entry needs a larger table.
  private static func isFull(slots: Int, entries: Int) -> Bool { entries * 8 >= slots * 5 }

  init(slots count: Int = KeyIndex.leastSlots) {
    slots = Array(repeating: KeyIndex.empty, count: count)
    mask = count - 1
  }

  /// Whether there is a key with that tag of which `isEqual`, asked with its position, is true.
  func contains(_ tag: UInt32, where isEqual: (UInt32) -> Bool) -> Bool {
    var slot = home(of: tag)
    while slots[slot] != KeyIndex.empty {
      let entry = Entry(word: slots[slot])
      if entry.tag == tag, isEqual(entry.position) { return true }
      slot = (slot + 1) & mask
    }
    return false
  }

  mutating func insert(_ entry: Entry) {
    if KeyIndex.isFull(slots: slots.count, entries: count) { grow() }
    var slot = home(of: entry.tag)
    while slots[slot] != KeyIndex.empty { slot = (slot + 1) & mask }
    slots[slot] = entry.word
    count += 1
  }

  /// - Parameter entry: one that is there.
  mutating func remove(_ entry: Entry) {
    var gap = home(of: entry.tag)
    while slots[gap] != entry.word { gap = (gap + 1) & mask }
    var slot = (gap + 1) & mask
    while slots[slot] != KeyIndex.empty {
      // An entry moves into the gap unless that lies before its home.
      let distance = (slot - home(of: Entry(word: slots[slot]).tag)) & mask
      if distance >= (slot - gap) & mask {
        slots[gap] = slots[slot]
        gap = slot
      }
      slot = (slot + 1) & mask
    }
    slots[gap] = KeyIndex.empty
    count -= 1
  }

  private func home(of tag: UInt32) -> Int { Int(tag) & mask }

  private mutating func grow() {
    var larger = KeyIndex(slots: slots.count * 2)
    for word in slots where word != KeyIndex.empty { larger.insert(Entry(word: word)) }
    self = larger
  }
}

/// Hashes keys for a ``KeyIndex``.
enum KeyHash {
  static func tag(of key: RedeliveryWindow.Key) -> UInt32 {
    let hash = ByteHash.hash(key.id, seed: ByteHash.hash(key.source))
    return UInt32(truncatingIfNeeded: hash >> 33)
  }
}
