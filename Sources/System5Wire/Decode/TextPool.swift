import System5Core

/// Texts that come again and again, such as the names of sources: one `String` for all events, where
/// each would otherwise cost an allocation. Confined to one thread.
///
/// It forgets: a text takes the place of an earlier one that hashes to the same.
final class TextPool {
  private static let size = 8192
  /// A `String` up to this length is no object of its own, and needs no pool.
  private static let inlineCount = 15

  private var slots: [(hash: UInt64, text: Text)] = Array(
    repeating: (0, Text("")), count: size)

  /// - Parameter bytes: valid UTF-8.
  func text(of bytes: UnsafeBufferPointer<UInt8>) -> Text {
    if bytes.count <= TextPool.inlineCount { return Text(String(decoding: bytes, as: UTF8.self)) }
    let hash = ByteHash.hash(bytes.span.bytes)
    let slot = Int(hash % UInt64(TextPool.size))
    if slots[slot].hash == hash, slots[slot].text.isEqual(to: bytes.span.bytes) {
      return slots[slot].text
    }
    let text = Text(String(decoding: bytes, as: UTF8.self))
    slots[slot] = (hash, text)
    return text
  }
}

extension Text {
  fileprivate func isEqual(to bytes: RawSpan) -> Bool {
    let utf8 = string.utf8
    return utf8.span.bytes.isEqual(to: bytes)
  }
}
