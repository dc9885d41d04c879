import System5Core

/// What comes again and again, as one value for all events or all of a checkpoint: the names of
/// sources, the contexts and changes of adaptations, metadata. Each would otherwise cost allocations,
/// and as much memory in the store as its events are many. Confined to one thread, and to one way of
/// writing values.
///
/// It forgets: a value takes the place of an earlier one that hashes to the same.
final class Interner {
  // Unchecked, as nothing that makes a value knows of the interner.
  @exclusivity(unchecked)
  private var texts = RecentTexts(count: 8192)
  @exclusivity(unchecked)
  private var ids = RecentTexts(count: 8192)
  @exclusivity(unchecked)
  private var systems = RecentTexts(count: 1024)
  private var objects = RecentValues<JSONObject>()
  private var lists = RecentValues<[Text]>()

  /// - Parameter bytes: valid UTF-8.
  func text(of bytes: UnsafeBufferPointer<UInt8>) -> Text {
    text(of: bytes.span.bytes) { Text(String(decoding: bytes, as: UTF8.self)) }
  }

  /// - Parameter make: makes the text of these bytes, or throws if they are none.
  func text<Failure: Error>(
    of bytes: RawSpan, _ make: () throws(Failure) -> Text
  ) throws(Failure) -> Text {
    try texts.text(of: bytes, make)
  }

  /// The id of an entity; nil if it is not a valid one, which is found out at its first coming.
  ///
  /// - Parameter bytes: valid UTF-8.
  func id(of bytes: UnsafeBufferPointer<UInt8>) -> Text? {
    try? ids.text(of: bytes.span.bytes) { () throws(NoValue) in
      guard Identifier.isValid(bytes) else { throw NoValue() }
      return Text(String(decoding: bytes, as: UTF8.self))
    }
  }

  /// The id of a viable system; nil if it is not a valid one.
  func system(of bytes: UnsafeBufferPointer<UInt8>) -> Text? {
    try? systems.text(of: bytes.span.bytes) { () throws(NoValue) in
      guard Identifier.isValidKey(UnsafeRawBufferPointer(bytes)) else { throw NoValue() }
      return Text(String(decoding: bytes, as: UTF8.self))
    }
  }

  /// An object apart from the parser; nil if it holds a number that no `Double` can.
  func object(of node: JSONNode) -> JSONObject? {
    try? object(of: node.raw.bytes) { () throws(NoValue) in
      guard let object = node.object else { throw NoValue() }
      return object
    }
  }

  /// - Parameter make: makes the object that is written as these bytes.
  func object<Failure: Error>(
    of bytes: RawSpan, _ make: () throws(Failure) -> JSONObject
  ) throws(Failure) -> JSONObject { try objects.value(of: bytes, make) }

  /// The elements of an array; nil unless all of them are strings.
  func strings(of node: JSONNode) -> [Text]? {
    try? strings(of: node.raw.bytes) { () throws(NoValue) in
      var strings: [Text] = []
      for element in node.elements {
        guard element.kind == .string else { throw NoValue() }
        strings.append(text(of: element.text))
      }
      return strings
    }
  }

  /// - Parameter make: makes the list that is written as these bytes.
  func strings<Failure: Error>(
    of bytes: RawSpan, _ make: () throws(Failure) -> [Text]
  ) throws(Failure) -> [Text] { try lists.value(of: bytes, make) }
}

/// Bytes that do not stand for a value of the kind that is wanted.
private struct NoValue: Error {}

/// Texts by their bytes.
private struct RecentTexts {
  private var slots: [(hash: UInt64, text: Text)]

  /// - Parameter count: a power of two.
  init(count: Int) { slots = Array(repeating: (0, Text("")), count: count) }

  @inline(__always)
  mutating func text<Failure: Error>(
    of bytes: RawSpan, _ make: () throws(Failure) -> Text
  ) throws(Failure) -> Text {
    let hash = ByteHash.hash(bytes)
    let slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    if slots[slot].hash == hash, slots[slot].text.isEqual(to: bytes) { return slots[slot].text }
    let text = try make()
    slots[slot] = (hash, text)
    return text
  }
}

/// Values by the bytes that they were written as.
private struct RecentValues<Value> {
  private static var count: Int { 1024 }
  /// What is larger seldom comes again.
  private static var mostBytes: Int { 512 }

  private var slots: [(bytes: [UInt8], value: Value?)] = Array(
    repeating: ([], nil), count: count)

  mutating func value<Failure: Error>(
    of bytes: RawSpan, _ make: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    guard bytes.byteCount <= RecentValues.mostBytes else { return try make() }
    let slot = Int(ByteHash.hash(bytes) % UInt64(RecentValues.count))
    if let value = slots[slot].value, isWritten(slots[slot].bytes, as: bytes) { return value }
    let value = try make()
    slots[slot].bytes.removeAll(keepingCapacity: true)
    bytes.withUnsafeBytes { slots[slot].bytes.append(contentsOf: $0) }
    slots[slot].value = value
    return value
  }

  private func isWritten(_ known: borrowing [UInt8], as bytes: RawSpan) -> Bool {
    known.span.bytes.isEqual(to: bytes)
  }
}

extension Text {
  fileprivate func isEqual(to bytes: RawSpan) -> Bool {
    let utf8 = string.utf8
    return utf8.withContiguousStorageIfAvailable { $0.span.bytes.isEqual(to: bytes) }
      ?? utf8.span.bytes.isEqual(to: bytes)
  }
}
