/// XXH64 with seed 0, as it goes along: the checksum of a checkpoint's content.
///
/// It guards against accidents, not against an adversary, who could write a checksum of their own.
/// Chosen over the FNV-1a of the ids because it takes 32 bytes a round where that takes one: it
/// runs at the speed of memory where that would be most of what loading a checkpoint costs. Every
/// step is a bijection of its input, so a change within one 8-byte word changes the state with
/// certainty; other changes go unseen with odds of 1 : 2^64.
///
/// Source: Y. Collet, "xxHash fast digest algorithm", version 0.1.1 (doc/xxhash_spec.md).
package struct XXH64: Sendable {
  private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

  private var lanes = (prime1 &+ prime2, prime2, UInt64(0), 0 &- prime1)
  /// What does not make up a stripe of 32 bytes yet.
  private var rest: [UInt8] = []
  private var count: UInt64 = 0

  package init() {}

  /// The checksum of a whole text.
  package static func hash(_ bytes: [UInt8]) -> UInt64 {
    var hash = XXH64()
    hash.update(bytes)
    return hash.value
  }

  package mutating func update(_ bytes: [UInt8]) {
    count &+= UInt64(bytes.count)
    var start = 0
    if !rest.isEmpty {
      start = min(32 - rest.count, bytes.count)
      rest.append(contentsOf: bytes[..<start])
      guard rest.count == 32 else { return }
      consume(rest, from: 0)
      rest.removeAll(keepingCapacity: true)
    }
    let end = consume(bytes, from: start)
    rest.append(contentsOf: bytes[end...])
  }

  /// Takes all whole stripes; returns where they end.
  @discardableResult
  private mutating func consume(_ bytes: [UInt8], from start: Int) -> Int {
    let span = bytes.span.bytes
    var (a, b, c, d) = lanes
    var at = start
    while span.byteCount - at >= 32 {
      a = XXH64.round(a, span.word(at))
      b = XXH64.round(b, span.word(at + 8))
      c = XXH64.round(c, span.word(at + 16))
      d = XXH64.round(d, span.word(at + 24))
      at += 32
    }
    lanes = (a, b, c, d)
    return at
  }

  /// The checksum of what has been taken so far.
  package var value: UInt64 {
    var hash = count < 32 ? XXH64.prime5 : converged
    hash &+= count
    let span = rest.span.bytes
    var at = 0
    while rest.count - at >= 8 {
      hash ^= XXH64.round(0, span.word(at))
      hash = hash.rotated(by: 27) &* XXH64.prime1 &+ XXH64.prime4
      at += 8
    }
    if rest.count - at >= 4 {
      let half = span.unsafeLoadUnaligned(fromByteOffset: at, as: UInt32.self)
      hash ^= UInt64(UInt32(littleEndian: half)) &* XXH64.prime1
      hash = hash.rotated(by: 23) &* XXH64.prime2 &+ XXH64.prime3
      at += 4
    }
    for byte in rest[at...] {
      hash ^= UInt64(byte) &* XXH64.prime5
      hash = hash.rotated(by: 11) &* XXH64.prime1
    }
    return XXH64.avalanche(hash)
  }

  private var converged: UInt64 {
    var hash = lanes.0.rotated(by: 1)
    hash &+= lanes.1.rotated(by: 7)
    hash &+= lanes.2.rotated(by: 12)
    hash &+= lanes.3.rotated(by: 18)
    for lane in [lanes.0, lanes.1, lanes.2, lanes.3] {
      hash = (hash ^ XXH64.round(0, lane)) &* XXH64.prime1 &+ XXH64.prime4
    }
    return hash
  }

  private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
    (lane &+ input &* prime2).rotated(by: 31) &* prime1
  }

  private static func avalanche(_ hash: UInt64) -> UInt64 {
    var hash = hash
    hash = (hash ^ (hash >> 33)) &* prime2
    hash = (hash ^ (hash >> 29)) &* prime3
    return hash ^ (hash >> 32)
  }
}

extension UInt64 {
  fileprivate func rotated(by bits: UInt64) -> UInt64 { (self &<< bits) | (self &>> (64 &- bits)) }

  /// 16 hexadecimal digits.
  package var hexadecimal: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// From 16 hexadecimal digits in lower case and nothing else.
  package init?(hexadecimal text: String) {
    guard let value = UInt64(text, radix: 16), value.hexadecimal == text else { return nil }
    self = value
  }
}

extension RawSpan {
  /// The little-endian word at an offset, which the span checks. Loading raw bytes as an integer is
  /// what the name warns of; every pattern of bits is one.
  func word(_ offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
