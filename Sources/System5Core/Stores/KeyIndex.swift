/// Where the keys of a log lie, found by a tag: a hash table of buckets.
///
/// A bucket is a line of the cache, so that to look a key up and to add it is to wait for memory once.
/// Nothing is ever taken out: a key that the window has forgotten is known by its position, and its
/// place is taken when another one needs it.
struct KeyIndex {
  /// Which positions count; cut to 32 bits, as those of a window lie closer together.
  struct Window {
    let first: UInt32
    let count: Int

    @inline(__always)
    func contains(_ position: UInt32) -> Bool { Int(position &- first) < count }
  }

  /// The words of a bucket: keys, and at last the newest key that found no place in it.
  private static let width = 8
  private static let keysInBucket = width - 1
  /// How full buckets are on average. Of those with four keys one in twenty has more than seven.
  private static let usualKeys = 4
  private static let leastBuckets = 16
  /// No key, as its tag would have 32 bits.
  private static let empty = UInt64.max

  /// A word is a key's tag, a hash of 31 bits, and its position.
  private var words: [UInt64]
  private let mask: Int

  /// For so many keys.
  init(keys: Int = 0) {
    let buckets = KeyIndex.buckets(for: keys)
    words = Array(repeating: KeyIndex.empty, count: buckets * KeyIndex.width)
    mask = buckets - 1
  }

  /// Of an index of so many keys.
  static func storageBytes(keys: Int) -> Int {
    Footprint.block(32 + buckets(for: keys) * width * MemoryLayout<UInt64>.stride)
  }

  /// A power of two.
  private static func buckets(for keys: Int) -> Int {
    var buckets = leastBuckets
    while buckets * usualKeys < keys { buckets *= 2 }
    return buckets
  }

  /// Whether it takes a larger one for so many keys.
  func isFull(keys: Int) -> Bool { keys > (mask + 1) * KeyIndex.usualKeys }

  /// Whether there is a key with that tag, of those that count, of which `isEqual` is true.
  func contains(_ tag: UInt32, in window: Window, where isEqual: (UInt32) -> Bool) -> Bool {
    let words = words.span
    var bucket = Int(tag) & mask
    while true {
      let start = bucket * KeyIndex.width
      for place in start..<start + KeyIndex.keysInBucket {
        let word = words[place]
        guard KeyIndex.tag(of: word) == tag else { continue }
        let position = KeyIndex.position(of: word)
        if window.contains(position), isEqual(position) { return true }
      }
      // Later keys go past a full bucket too: none is beyond it once the newest of them is forgotten.
      guard KeyIndex.isHeld(words[start + KeyIndex.keysInBucket], in: window) else { return false }
      bucket = (bucket + 1) & mask
    }
  }

  mutating func insert(_ tag: UInt32, at position: UInt32, in window: Window) {
    let word = UInt64(tag) << 32 | UInt64(position)
    var bucket = Int(tag) & mask
    while true {
      let start = bucket * KeyIndex.width
      for place in start..<start + KeyIndex.keysInBucket
      where !KeyIndex.isHeld(words[place], in: window) {
        words[place] = word
        return
      }
      words[start + KeyIndex.keysInBucket] = word
      bucket = (bucket + 1) & mask
    }
  }

  @inline(__always)
  private static func tag(of word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word >> 32) }

  @inline(__always)
  private static func position(of word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word) }

  /// Whether there is a key that counts. One that was forgotten so long ago that its position comes
  /// again only keeps its place longer.
  @inline(__always)
  private static func isHeld(_ word: UInt64, in window: Window) -> Bool {
    word != empty && window.contains(position(of: word))
  }
}

/// Hashes keys for a ``KeyIndex``.
enum KeyHash {
  static func tag(source: RawSpan, id: RawSpan) -> UInt32 {
    let hash = ByteHash.hash(id, seed: ByteHash.hash(source))
    return UInt32(truncatingIfNeeded: hash >> 33)
  }
}
