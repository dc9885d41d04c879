import HashTreeCollections

/// The entries of a hashed collection in the order of their keys, which is the same in every
/// process; fetched one by one, as a store may hold millions.
package struct SortedEntries<Key: Hashable & Comparable, Value>: Sequence, IteratorProtocol {
  package typealias Entry = (key: Key, value: Value)

  private let entries: TreeDictionary<Key, Value>
  private let order: [(key: Key, index: TreeDictionary<Key, Value>.Index)]
  private var position = 0

  fileprivate init(_ entries: TreeDictionary<Key, Value>) {
    self.entries = entries
    self.order = entries.indices.map { (entries[$0].key, $0) }.sorted { $0.key < $1.key }
  }

  package mutating func next() -> Entry? {
    guard position < order.count else { return nil }
    let (key, index) = order[position]
    position += 1
    return (key, entries[index].value)
  }
}

extension TreeDictionary where Key: Comparable {
  /// The entries in the order of their keys.
  package var inOrder: SortedEntries<Key, Value> { SortedEntries(self) }

  /// Brings back an entry of a checkpoint.
  package mutating func restore(_ value: Value, as key: Key) { self[key] = value }
}
