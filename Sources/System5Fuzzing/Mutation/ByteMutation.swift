import System5Testing

/// Changes to bytes that know nothing, or only a little of JSON, about their meaning.
enum ByteMutation {
  /// - Parameter other: something to take pieces from.
  static func mutate(
    _ bytes: inout [UInt8], with other: [UInt8], using random: inout SplitMix64
  ) {
    guard !bytes.isEmpty else {
      bytes = random.pick(Tokens.values)
      return
    }
    switch random.below(16) {
    case 0: flipBit(&bytes, &random)
    case 1: bytes[random.below(bytes.count)] = UInt8(random.below(256))
    case 2: bytes[random.below(bytes.count)] &+= random.chance(2) ? 1 : 0xFF
    case 3: bytes.removeSubrange(random.range(in: bytes.count, atMost: 16))
    case 4: bytes.removeSubrange(random.below(bytes.count)...)
    case 5: duplicate(&bytes, &random)
    case 6: splice(&bytes, other, &random)
    case 7: bytes.swapAt(random.below(bytes.count), random.below(bytes.count))
    case 8, 9:
      bytes.insert(contentsOf: random.pick(Tokens.pieces), at: random.below(bytes.count + 1))
    case 10: nest(&bytes, &random)
    default: replaceToken(&bytes, &random)
    }
  }

  private static func flipBit(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
  }

  private static func duplicate(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    let piece = bytes[random.range(in: bytes.count, atMost: 64)]
    let times = random.chance(20) ? 1 + random.below(200) : 1
    let at = random.below(bytes.count + 1)
    bytes.insert(contentsOf: Array(repeating: piece, count: times).joined(), at: at)
  }

  private static func splice(
    _ bytes: inout [UInt8], _ other: [UInt8], _ random: inout SplitMix64
  ) {
    guard !other.isEmpty else { return }
    let piece = other[random.range(in: other.count, atMost: other.count)]
    bytes.replaceSubrange(random.range(in: bytes.count, atMost: 64), with: piece)
  }

  /// Around the bytes as many brackets as limits are made of.
  private static func nest(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    let depth = random.pick([1, 2, 61, 62, 63, 64, 65, 511, 513, 1023, 1025])
    let token = token(in: bytes, at: random.below(bytes.count))
    let isObject = random.chance(2)
    let open = Array((isObject ? "{\"a\":" : "[").utf8)
    let nested =
      Array(repeating: open, count: depth).joined() + bytes[token]
      + Array(repeating: UInt8(ascii: isObject ? "}" : "]"), count: depth)
    bytes.replaceSubrange(token, with: Array(nested))
  }

  /// Puts something of interest in the place of a string, number or word.
  private static func replaceToken(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
    let token = token(in: bytes, at: random.below(bytes.count))
    let isName = token.upperBound < bytes.count && bytes[token.upperBound] == UInt8(ascii: ":")
    switch random.below(12) {
    case 0: bytes.replaceSubrange(token, with: random.pick(Tokens.types))
    case 1: bytes.replaceSubrange(token, with: String(Int64(bitPattern: random.next())).utf8)
    case 2: bytes.replaceSubrange(token, with: "\(Double(bitPattern: random.next()))".utf8)
    case 3...5 where !isName: bytes.replaceSubrange(token, with: random.pick(Tokens.values))
    default:
      bytes.replaceSubrange(token, with: random.pick(isName ? Tokens.members : Tokens.values))
    }
  }

  /// The string, number or word around a place, without looking at escapes; a byte of structure is
  /// a token of its own.
  private static func token(in bytes: [UInt8], at place: Int) -> Range<Int> {
    let isEdge = { (byte: UInt8) in "{}[]:,".utf8.contains(byte) }
    guard !isEdge(bytes[place]) else { return place..<place + 1 }
    var start = place
    var end = place + 1
    while start > 0, !isEdge(bytes[start - 1]) { start -= 1 }
    while end < bytes.count, !isEdge(bytes[end]) { end += 1 }
    return start..<end
  }
}

extension SplitMix64 {
  /// 0 up to and without `bound`; 0 where there is nothing below it.
  mutating func below(_ bound: Int) -> Int {
    bound <= 0 ? 0 : Int(truncatingIfNeeded: next() % UInt64(bound))
  }

  /// True once in `odds` times.
  mutating func chance(_ odds: Int) -> Bool { below(odds) == 0 }

  /// - Parameter elements: one at least.
  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  mutating func range(in count: Int, atMost length: Int) -> Range<Int> {
    let start = below(count)
    return start..<min(count, start + 1 + below(min(length, count - start)))
  }
}
