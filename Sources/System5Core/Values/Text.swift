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
    // The first test is a plain comparison of memory for ASCII and rules out nearly everything;
    // the second tells canonically equivalent spellings apart.
    lhs.string == rhs.string && lhs.string.utf8.elementsEqual(rhs.string.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    // Equal bytes are equal strings, so the hash of the string is a hash of the bytes.
    string.hash(into: &hasher)
  }
}

extension Text: Comparable {
  public static func < (lhs: Text, rhs: Text) -> Bool {
    lhs.string.utf8.lexicographicallyPrecedes(rhs.string.utf8)
  }
}
