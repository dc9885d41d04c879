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
  let order: [(prefix: KeyPrefix, index: Entries.Index)]
  @usableFromInline
  var position = 0

  @inlinable
  init(_ entries: Entries) {
    self.entries = entries
    self.order = entries.indices
      .map { (entries[$0].key.prefix, $0) }
      .sorted {
        $0.prefix == $1.prefix
          ? entries[$0.index].key.precedes(entries[$1.index].key) : $0.prefix < $1.prefix
      }
  }

  @inlinable
  package mutating func next() -> (key: Key, value: Value)? {
    guard position < order.count else { return nil }
    defer { position += 1 }
    return entries[order[position].index]
  }
}

/// A key that can mostly be put in order by a few bytes, without a look at the key itself.
@usableFromInline
package protocol SortableKey: Hashable, Comparable {
  /// Ordered as the keys are; those of different keys may be equal.
  var prefix: KeyPrefix { get }

  /// The same as `<`.
  func precedes(_ other: Self) -> Bool
}

/// The first 16 bytes of a key.
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
  /// Shorter texts are filled up with zeros.
  @usableFromInline
  package var prefix: KeyPrefix {
    let utf8 = string.utf8
    let bytes = utf8.span.bytes
    return KeyPrefix(high: bytes.orderedPrefix(from: 0), low: bytes.orderedPrefix(from: 8))
  }
}

extension PatternKey: SortableKey {
  @usableFromInline
  package func precedes(_ other: PatternKey) -> Bool { self < other }

  @usableFromInline
  package var prefix: KeyPrefix {
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
