/// Text compared by its bytes. Swift's own strings are equal when their characters are, which would
/// make one id of two.
struct ReferenceWord: Hashable, Comparable, Sendable, ExpressibleByStringLiteral {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }
  init(_ string: String) { bytes = Array(string.utf8) }
  init(stringLiteral string: String) { self.init(string) }

  var string: String { String(decoding: bytes, as: UTF8.self) }

  static func < (lhs: Self, rhs: Self) -> Bool { lhs.bytes.lexicographicallyPrecedes(rhs.bytes) }
}
