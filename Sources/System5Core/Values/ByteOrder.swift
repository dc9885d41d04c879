extension RawSpan {
  /// Whether the bytes come before others in order, eight at a time.
  package func precedes(_ other: RawSpan) -> Bool {
    let common = min(byteCount, other.byteCount)
    var offset = 0
    while offset + 8 <= common {
      let (mine, theirs) = (ordered(at: offset), other.ordered(at: offset))
      if mine != theirs { return mine < theirs }
      offset += 8
    }
    while offset < common {
      let mine = unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      let theirs = other.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      if mine != theirs { return mine < theirs }
      offset += 1
    }
    return byteCount < other.byteCount
  }

  /// Eight bytes as a number that is in their order.
  @inline(__always)
  func ordered(at offset: Int) -> UInt64 {
    UInt64(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}

extension RawSpan {
  /// The next eight bytes as a number that is in their order; what is missing counts as zeros.
  func orderedPrefix(from offset: Int) -> UInt64 {
    if offset + 8 <= byteCount { return ordered(at: offset) }
    var word: UInt64 = 0
    var place = offset
    while place < byteCount {
      let byte = unsafeLoad(fromByteOffset: place, as: UInt8.self)
      word |= UInt64(byte) &<< UInt64(56 &- (place &- offset) &* 8)
      place += 1
    }
    return word
  }
}

extension Text {
  /// In the order of bytes, without a call for each of them.
  @usableFromInline
  package func precedes(_ other: Text) -> Bool {
    let (mine, theirs) = (string.utf8, other.string.utf8)
    // A view's span would hold on to the string.
    let quick = mine.withContiguousStorageIfAvailable { mine in
      theirs.withContiguousStorageIfAvailable { mine.span.bytes.precedes($0.span.bytes) }
    }
    return (quick ?? nil) ?? mine.span.bytes.precedes(theirs.span.bytes)
  }

  /// How many bytes from the beginning are the same, up to a limit.
  @usableFromInline
  package func commonLength(with other: Text, atMost limit: Int) -> Int {
    let (mine, theirs) = (string.utf8, other.string.utf8)
    return mine.span.bytes.commonLength(with: theirs.span.bytes, atMost: limit)
  }
}

extension RawSpan {
  fileprivate func commonLength(with other: RawSpan, atMost limit: Int) -> Int {
    let end = min(limit, byteCount, other.byteCount)
    var at = 0
    while at + 8 <= end, ordered(at: at) == other.ordered(at: at) { at += 8 }
    while at < end,
      unsafeLoad(fromByteOffset: at, as: UInt8.self)
        == other.unsafeLoad(fromByteOffset: at, as: UInt8.self)
    {
      at += 1
    }
    return at
  }
}
