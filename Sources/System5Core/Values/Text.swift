/// A string that is itself byte for byte.
///
/// Swift's `String` holds two spellings of one character (`é` as one scalar or as two) to be equal
/// and orders by Unicode normal forms. Ids, keys and sources come from other programs, which tell
/// them apart by their UTF-8 bytes, and results are sorted by those bytes on every machine; so this
/// type compares and orders by bytes.
public struct Text: Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  public let string: String

  public init(_ string: String) { self.string = string }
  public init(stringLiteral value: String) { self.string = value }

  public var description: String { string }
  public var isEmpty: Bool { string.isEmpty }

  /// The length in UTF-8 bytes.
  public var byteCount: Int { string.utf8.count }
}

extension Text: Hashable {
  public static func == (lhs: Text, rhs: Text) -> Bool {
    let (left, right) = (lhs.string.utf8, rhs.string.utf8)
    return left.span.bytes.isEqual(to: right.span.bytes)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(ByteHash.hash(self))
  }

  /// What tables ask for. The hash is seeded in each process already, and to put it through the
  /// hasher once more would take three times as long.
  public func _rawHashValue(seed: Int) -> Int {
    let seed = ByteHash.seed ^ UInt64(truncatingIfNeeded: seed)
    return Int(truncatingIfNeeded: ByteHash.hash(self, seed: seed))
  }
}

extension Text: Comparable {
  public static func < (lhs: Text, rhs: Text) -> Bool {
    lhs.precedes(rhs)
  }
}
