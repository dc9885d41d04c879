/// A quick hash of bytes, for tables that compare the bytes themselves: each word is multiplied in
/// and the product folded.
///
/// As with Swift's own collections the hash is another in each process, so that nobody can choose
/// texts that collide; nothing that can be seen may follow it.
package enum ByteHash {
  package static let seed = UInt64(truncatingIfNeeded: Hasher().finalize())

  package static func hash(_ bytes: RawSpan, seed: UInt64 = seed) -> UInt64 {
    let count = bytes.byteCount
    var hash = mix(seed, UInt64(truncatingIfNeeded: count))
    var offset = 0
    while offset + 8 <= count {
      hash = mix(hash, bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    return offset == count ? hash : mix(hash, rest(of: bytes, from: offset))
  }

  static func hash(_ text: Text, seed: UInt64 = seed) -> UInt64 {
    let utf8 = text.string.utf8
    return utf8.withContiguousStorageIfAvailable { hash($0.span.bytes, seed: seed) }
      ?? hash(utf8.span.bytes, seed: seed)
  }

  /// Fewer than eight bytes.
  private static func rest(of bytes: RawSpan, from start: Int) -> UInt64 {
    var rest: UInt64 = 0
    for offset in start..<bytes.byteCount {
      rest = rest << 8 | UInt64(bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
    }
    return rest
  }

  private static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
    let (high, low) = (state ^ 0x9E37_79B9_7F4A_7C15)
      .multipliedFullWidth(by: word ^ 0xD1B5_4A32_D192_ED03)
    return high ^ low
  }
}

extension RawSpan {
  /// Whether the bytes are the same, eight at a time.
  package func isEqual(to other: RawSpan) -> Bool {
    guard byteCount == other.byteCount else { return false }
    var offset = 0
    while offset + 8 <= byteCount {
      let mine = unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let theirs = other.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      if mine != theirs { return false }
      offset += 8
    }
    while offset < byteCount {
      let mine = unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      if mine != other.unsafeLoad(fromByteOffset: offset, as: UInt8.self) { return false }
      offset += 1
    }
    return true
  }
}
