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
          ? entries[$0.index].key < entries[$1.index].key : $0.prefix < $1.prefix
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
    var words: (UInt64, UInt64) = (0, 0)
    for (index, byte) in string.utf8.prefix(16).enumerated() {
      if index < 8 {
        words.0 |= UInt64(byte) &<< UInt64(56 &- index &* 8)
      } else {
        words.1 |= UInt64(byte) &<< UInt64(120 &- index &* 8)
      }
    }
    return KeyPrefix(high: words.0, low: words.1)
  }
}

extension PatternKey: SortableKey {
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
