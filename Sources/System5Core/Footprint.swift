import HashTreeCollections

/// How many bytes values take up, by what the allocator hands out for them: the parts of a value
/// that lie elsewhere, such as the storage of its strings and arrays, each in a block of its own.
///
/// What copies of a store share is counted for each of them. The figures are those of 64-bit Swift with
/// glibc's allocator; a test holds the sums to what the allocator says.
package enum Footprint {
  /// What a block of so many bytes costs: glibc rounds up to 16 with 8 bytes of its own.
  static func block(_ bytes: Int) -> Int { max(32, (bytes + 23) & ~15) }

  /// The storage of an array; an empty one has none.
  static func storage<Element>(_ array: [Element]) -> Int {
    array.capacity == 0 ? 0 : block(32 + array.capacity * MemoryLayout<Element>.stride)
  }

  /// The nodes of a tree of so many entries, as measured over trees of 1,000 to 1,000,000 entries of
  /// 16 to 248 bytes: nodes have room for more than they hold.
  static func tree(_ count: Int, entryStride: Int) -> Int {
    count * (entryStride * 142 / 100 + 14)
  }
}

extension Footprint {
  /// The storage that values may share, counted where it is met first.
  struct Shared {
    private var known: Set<UInt> = []

    /// - Parameter bytes: those of the array with all that it holds.
    mutating func bytes<Element>(
      of array: [Element], _ bytes: @autoclosure () -> Int
    ) -> Int {
      let address = array.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
      return known.insert(address).inserted ? bytes() : 0
    }
  }
}

/// A value that has parts elsewhere.
package protocol HasFootprint {
  /// The bytes of these parts; those of the value itself belong to whoever holds it.
  var heapBytes: Int { get }
}

extension Footprint {
  static func tree<Key, Value>(_ tree: TreeDictionary<Key, Value>) -> Int {
    self.tree(tree.count, entryStride: MemoryLayout<(key: Key, value: Value)>.stride)
  }

  static func tree<Element>(_ tree: TreeSet<Element>) -> Int {
    self.tree(tree.count, entryStride: MemoryLayout<Element>.stride)
  }

  /// A tree with what its values hold; keys that lie in their values too are counted there.
  static func total<Key, Value: HasFootprint>(_ tree: TreeDictionary<Key, Value>) -> Int {
    tree.values.reduce(self.tree(tree)) { $0 + $1.heapBytes }
  }

  /// A table with what its values hold, each of them in an array of its own.
  static func total<Key, Value: HasFootprint>(_ table: PersistentTable<Key, Value>) -> Int {
    table.tree.values.reduce(tree(table.tree)) { sum, only in
      sum + storage(only) + only.reduce(0) { $0 + $1.heapBytes }
    }
  }

  static func total(_ texts: [Text]) -> Int {
    texts.reduce(storage(texts)) { $0 + $1.heapBytes }
  }
}

extension Text: HasFootprint {
  /// Up to 15 bytes lie in the string itself.
  package var heapBytes: Int { byteCount > 15 ? Footprint.block((33 + byteCount + 15) & ~15) : 0 }
}

extension JSONObject: HasFootprint {
  package var heapBytes: Int {
    members.reduce(Footprint.storage(members)) { $0 + $1.name.heapBytes + $1.value.heapBytes }
  }
}

extension JSONValue: HasFootprint {
  package var heapBytes: Int {
    switch self {
    case .null, .bool: 0
    case .number(let number): number.text.heapBytes
    case .string(let text): text.heapBytes
    case .array(let elements):
      elements.reduce(Footprint.storage(elements)) { $0 + $1.heapBytes }
    case .object(let object): object.heapBytes
    }
  }
}
