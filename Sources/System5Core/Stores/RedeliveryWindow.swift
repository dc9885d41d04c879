import HashTreeCollections

/// The last events of a shard, to recognise one that a producer sent twice.
///
/// Exact: the keys themselves are compared, never only a hash of them. The ring is cut into chunks
/// so that a snapshot copies at most one of them when the next event arrives.
package struct RedeliveryWindow: Sendable {
  package struct Key: Hashable, Sendable {
    package let source: Text
    package let id: Text

    package init(source: Text, id: Text) {
      self.source = source
      self.id = id
    }
  }

  private static let chunkSize = 512

  private let capacity: Int
  private var keys = TreeSet<Key>()
  /// The keys in order of arrival, the oldest first; all chunks but the last are full.
  private var chunks: [[Key]] = []
  /// How many keys of the first chunk have left the window.
  private var evicted = 0

  init(capacity: Int) { self.capacity = max(1, capacity) }

  package var count: Int { keys.count }

  /// - Parameter position: 0 for the oldest key, below ``count``.
  package subscript(position: Int) -> Key {
    let index = evicted + position
    return chunks[index / RedeliveryWindow.chunkSize][index % RedeliveryWindow.chunkSize]
  }

  /// What the keys' places take up, without their texts.
  var storageBytes: Int {
    chunks.reduce(Footprint.tree(keys) + Footprint.storage(chunks)) { $0 + Footprint.storage($1) }
  }

  func contains(_ key: Key) -> Bool { keys.contains(key) }

  /// - Parameter key: one that the window does not contain.
  mutating func insert(_ key: Key) {
    if keys.count >= capacity { evictOldest() }
    keys.insert(key)
    if let last = chunks.last, last.count < RedeliveryWindow.chunkSize {
      chunks[chunks.count - 1].append(key)
    } else {
      chunks.append([key])
    }
  }

  private mutating func evictOldest() {
    guard let first = chunks.first, evicted < first.count else { return }
    keys.remove(first[evicted])
    evicted += 1
    if evicted == RedeliveryWindow.chunkSize {
      chunks.removeFirst()
      evicted = 0
    }
  }
}
