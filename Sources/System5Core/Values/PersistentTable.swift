import HashTreeCollections

/// A hash table of which a copy is a snapshot: copies share their structure, and a change after a
/// copy copies only what it touches.
///
/// A tree with each value behind a reference of its own. Within the tree a value would be moved out
/// and back at each change, and copied with its neighbours after each snapshot: with values of some
/// hundred bytes, as here, that took a quarter of the event path.
public struct PersistentTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  /// Each value in an array of its own: a reference that is copied when it is changed while shared.
  @usableFromInline
  package var tree = TreeDictionary<Key, [Value]>()

  @inlinable
  public init() {}

  @inlinable
  public var count: Int { tree.count }

  @inlinable
  public var isEmpty: Bool { tree.isEmpty }

  /// Without a copy of the value.
  @inlinable
  public func contains(_ key: Key) -> Bool { tree.keys.contains(key) }

  @inlinable
  public subscript(key: Key) -> Value? {
    get { tree[key]?[0] }
    set { tree[key] = newValue.map { [$0] } }
  }

  /// Changes a value in place, or one that is set first where there is none.
  ///
  /// A subscript for it would be a coroutine, whose four allocations took a fifth of `apply`.
  @inlinable
  public mutating func modify<Outcome, Failure: Error>(
    _ key: Key, default defaultValue: @autoclosure () -> Value,
    _ body: (inout Value) throws(Failure) -> Outcome
  ) throws(Failure) -> Outcome {
    // The collection's call does not pass typed errors on.
    let outcome = tree.updateValue(forKey: key, default: [defaultValue()]) { only in
      Result { () throws(Failure) in try body(&only[0]) }
    }
    return try outcome.get()
  }

  /// Changes a value in place; nil where there is none.
  @inlinable
  public mutating func modify<Outcome, Failure: Error>(
    _ key: Key, _ body: (inout Value) throws(Failure) -> Outcome
  ) throws(Failure) -> Outcome? {
    guard contains(key) else { return nil }
    let outcome = tree.updateValue(forKey: key, default: []) { only in
      Result { () throws(Failure) in try body(&only[0]) }
    }
    return try outcome.get()
  }

  /// Sets a value and returns the one that it replaces.
  @inlinable
  @discardableResult
  public mutating func updateValue(_ value: Value, forKey key: Key) -> Value? {
    tree.updateValue([value], forKey: key)?[0]
  }

  /// In no particular order.
  @inlinable
  public var keys: some Sequence<Key> { tree.keys }

  /// In no particular order.
  @inlinable
  public var values: some Sequence<Value> { lazy.map(\.value) }
}

extension PersistentTable: Sequence {
  /// In no particular order.
  public struct Iterator: IteratorProtocol {
    @usableFromInline
    var entries: TreeDictionary<Key, [Value]>.Iterator

    @inlinable
    init(_ entries: TreeDictionary<Key, [Value]>.Iterator) { self.entries = entries }

    @inlinable
    public mutating func next() -> (key: Key, value: Value)? {
      entries.next().map { ($0.key, $0.value[0]) }
    }
  }

  @inlinable
  public func makeIterator() -> Iterator { Iterator(tree.makeIterator()) }
}

// Inlined, for only then is the collection's code made for the keys at hand.
extension PersistentTable where Key: SortableKey {
  /// The entries in the order of their keys.
  @inlinable
  package var inOrder: some Sequence<(key: Key, value: Value)> {
    tree.inOrder.lazy.map { (key: $0.key, value: $0.value[0]) }
  }

  /// Brings back an entry of a checkpoint.
  @inlinable
  package mutating func restore(_ value: Value, as key: Key) { self[key] = value }
}
