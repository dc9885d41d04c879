import System5Core

/// What comes again and again, as one value for all events: the names of sources, the contexts and
/// changes of adaptations, metadata. Each would otherwise cost allocations, and as much memory in the
/// store as its events are many. Confined to one thread.
///
/// It forgets: a value takes the place of an earlier one that hashes to the same.
final class Interner {
  private static let textCount = 8192
  /// A `String` up to this length is no object of its own, and needs no sharing.
  private static let inlineCount = 15

  private var texts: [(hash: UInt64, text: Text)] = Array(
    repeating: (0, Text("")), count: textCount)
  private var objects = RecentValues<JSONObject>()
  private var lists = RecentValues<[Text]>()

  /// - Parameter bytes: valid UTF-8.
  func text(of bytes: UnsafeBufferPointer<UInt8>) -> Text {
    if bytes.count <= Interner.inlineCount { return Text(String(decoding: bytes, as: UTF8.self)) }
    let hash = ByteHash.hash(bytes.span.bytes)
    let slot = Int(hash % UInt64(Interner.textCount))
    if texts[slot].hash == hash, texts[slot].text.isEqual(to: bytes.span.bytes) {
      return texts[slot].text
    }
    let text = Text(String(decoding: bytes, as: UTF8.self))
    texts[slot] = (hash, text)
    return text
  }

  /// An object apart from the parser; nil if it holds a number that no `Double` can.
  func object(of node: JSONNode) -> JSONObject? { objects.value(of: node) { $0.object } }

  /// The elements of an array; nil unless all of them are strings.
  func strings(of node: JSONNode) -> [Text]? {
    lists.value(of: node) { node in
      var strings: [Text] = []
      for element in node.elements {
        guard element.kind == .string else { return nil }
        strings.append(text(of: element.text))
      }
      return strings
    }
  }
}

/// Values by the bytes that they were written as.
private struct RecentValues<Value> {
  private static var count: Int { 1024 }
  /// What is larger seldom comes again.
  private static var mostBytes: Int { 512 }

  private var slots: [(bytes: [UInt8], value: Value?)] = Array(
    repeating: ([], nil), count: count)

  mutating func value(of node: JSONNode, _ make: (JSONNode) -> Value?) -> Value? {
    let raw = node.raw
    guard raw.count <= RecentValues.mostBytes else { return make(node) }
    let slot = Int(ByteHash.hash(raw.bytes) % UInt64(RecentValues.count))
    if isWritten(slots[slot].bytes, as: raw) { return slots[slot].value }
    let value = make(node)
    slots[slot].bytes.removeAll(keepingCapacity: true)
    slots[slot].bytes.append(contentsOf: raw)
    slots[slot].value = value
    return value
  }

  private func isWritten(_ known: borrowing [UInt8], as raw: UnsafeRawBufferPointer) -> Bool {
    known.span.bytes.isEqual(to: raw.bytes)
  }
}

extension Text {
  fileprivate func isEqual(to bytes: RawSpan) -> Bool {
    let utf8 = string.utf8
    return utf8.span.bytes.isEqual(to: bytes)
  }
}
