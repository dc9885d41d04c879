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
    guard count >= 8 else { return mix(hash, short(bytes)) }
    var offset = 0
    while offset + 8 < count {
      hash = mix(hash, bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    // The last eight, some of them for the second time.
    return mix(hash, bytes.unsafeLoadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
  }

  static func hash(_ text: Text, seed: UInt64 = seed) -> UInt64 {
    let utf8 = text.string.utf8
    return utf8.withContiguousStorageIfAvailable { hash($0.span.bytes, seed: seed) }
      ?? hash(utf8.span.bytes, seed: seed)
  }

  /// Of fewer than eight bytes all, each at least once.
  private static func short(_ bytes: RawSpan) -> UInt64 {
    let count = bytes.byteCount
    if count >= 4 {
      let first = bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt32.self)
      let last = bytes.unsafeLoadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
      return UInt64(first) << 32 | UInt64(last)
    }
    guard count > 0 else { return 0 }
    let first = bytes.unsafeLoad(fromByteOffset: 0, as: UInt8.self)
    let middle = bytes.unsafeLoad(fromByteOffset: count / 2, as: UInt8.self)
    let last = bytes.unsafeLoad(fromByteOffset: count - 1, as: UInt8.self)
    return UInt64(first) << 16 | UInt64(middle) << 8 | UInt64(last)
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
      if word(at: offset) != other.word(at: offset) { return false }
      offset += 8
    }
    // The last eight, some of them for the second time.
    if offset > 0 { return word(at: byteCount - 8) == other.word(at: byteCount - 8) }
    while offset < byteCount {
      let mine = unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      if mine != other.unsafeLoad(fromByteOffset: offset, as: UInt8.self) { return false }
      offset += 1
    }
    return true
  }

  @inline(__always)
  private func word(at offset: Int) -> UInt64 {
    unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }
}
