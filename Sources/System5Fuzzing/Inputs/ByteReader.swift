/// Takes bytes apart that may be anything: what is missing at the end counts as nothing.
struct ByteReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: some Sequence<UInt8>) { rest = Array(bytes)[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  /// The least significant byte first.
  mutating func integer(_ width: Int) -> UInt64 {
    (0..<width).reduce(0) { $0 | UInt64(byte()) << UInt64(8 * $1) }
  }

  /// At most what is left.
  mutating func bytes(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func remainder() -> [UInt8] { bytes(rest.count) }
}

extension [UInt8] {
  mutating func append(_ value: UInt64, width: Int) {
    for place in 0..<width { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * place))) }
  }

  /// A length and the bytes.
  mutating func append(_ bytes: [UInt8], lengthWidth width: Int) {
    append(UInt64(bytes.count), width: width)
    append(contentsOf: bytes)
  }
}
