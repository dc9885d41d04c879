import HashTreeCollections

/// The entries of a hashed collection in the order of their keys, which is the same in every
/// process; fetched one by one, as a store may hold millions.
@usableFromInline
package struct SortedEntries<Key: SortableKey, Value>: Sequence, IteratorProtocol {
  @usableFromInline
  typealias Entries = TreeDictionary<Key, Value>

  @usableFromInline
  let entries: Entries
  @usableFromInline
  let places: [Entries.Index]
  /// Which of the places comes when.
  @usableFromInline
  let order: [(prefix: KeyPrefix, place: Int)]
  @usableFromInline
  var position = 0

  @inlinable
  init(_ entries: Entries) {
    let places = Array(entries.indices)
    // Side by side: to look a key up in the tree is to wait for memory.
    let keys = places.map { entries[$0].key }
    // What all of them begin with says nothing, and is mostly longer than a prefix.
    let skipped = Key.commonLength(keys)
    let unordered = keys.indices.map { (prefix: keys[$0].prefix(after: skipped), place: $0) }
    self.entries = entries
    self.places = places
    self.order = unordered.sorted {
      $0.prefix == $1.prefix
        ? keys[$0.place].precedes(keys[$1.place]) : $0.prefix < $1.prefix
    }
  }

  @inlinable
  package mutating func next() -> (key: Key, value: Value)? {
    guard position < order.count else { return nil }
    defer { position += 1 }
    return entries[places[order[position].place]]
  }
}

/// A key that can mostly be put in order by a few bytes, without a look at the key itself.
@usableFromInline
package protocol SortableKey: Hashable, Comparable {
  /// How many bytes all keys have in common from their beginning.
  static func commonLength(_ keys: [Self]) -> Int

  /// Ordered as the keys are that have so many bytes in common; those of different keys may be equal.
  func prefix(after skipped: Int) -> KeyPrefix

  /// The same as `<`.
  func precedes(_ other: Self) -> Bool
}

/// 16 bytes of a key.
@usableFromInline
package struct KeyPrefix: Comparable {
  @usableFromInline
  let high: UInt64
  @usableFromInline
  let low: UInt64

  @usableFromInline
  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  @inlinable
  package static func < (lhs: KeyPrefix, rhs: KeyPrefix) -> Bool {
    lhs.high == rhs.high ? lhs.low < rhs.low : lhs.high < rhs.high
  }
}

extension Text: SortableKey {
  @usableFromInline
  package static func commonLength(_ keys: [Text]) -> Int {
    guard let first = keys.first else { return 0 }
    return keys.reduce(first.byteCount) { first.commonLength(with: $1, atMost: $0) }
  }

  /// Shorter texts are filled up with zeros.
  @usableFromInline
  package func prefix(after skipped: Int) -> KeyPrefix {
    let utf8 = string.utf8
    let bytes = utf8.span.bytes
    return KeyPrefix(
      high: bytes.orderedPrefix(from: skipped), low: bytes.orderedPrefix(from: skipped + 8))
  }
}

extension PatternKey: SortableKey {
  @usableFromInline
  package func precedes(_ other: PatternKey) -> Bool { self < other }

  @usableFromInline
  package static func commonLength(_ keys: [PatternKey]) -> Int { 0 }

  @usableFromInline
  package func prefix(after skipped: Int) -> KeyPrefix {
    KeyPrefix(
      high: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
  }
}

// Inlined, for only then is the collection's code made for the keys at hand.
extension TreeDictionary where Key: SortableKey {
  /// The entries in the order of their keys.
  @inlinable
  package var inOrder: SortedEntries<Key, Value> { SortedEntries(self) }

  /// Brings back an entry of a checkpoint.
  @inlinable
  package mutating func restore(_ value: Value, as key: Key) { self[key] = value }
}
