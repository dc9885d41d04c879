/// Stable ids out of names: FNV-1a with 128 bits, as 32 hexadecimal digits.
///
/// Ids must be the same in every process, on every machine and in every release, so Swift's seeded
/// hashing is no use here. Among a million ids the odds of one accidental collision are about
/// 1 : 10^27. Source: Fowler, Noll, Vo, "The FNV Non-Cryptographic Hash Algorithm"
/// (draft-eastlake-fnv).
struct Fingerprint {
  private static let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013B
  private var state: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d

  /// The id of a list of parts: 32 hexadecimal digits.
  static func id(of parts: Text...) -> Text { Text(hexadecimal: bits(of: parts)) }

  /// The same as a number. Each part is followed by a byte that occurs in no UTF-8, so that no two
  /// lists run together.
  static func bits(of parts: [Text]) -> UInt128 {
    var fingerprint = Fingerprint()
    for part in parts {
      for byte in part.string.utf8 { fingerprint.add(byte) }
      fingerprint.add(0xFF)
    }
    return fingerprint.state
  }

  private mutating func add(_ byte: UInt8) {
    state = (state ^ UInt128(byte)) &* Fingerprint.prime
  }
}

extension Text {
  /// All 32 digits. By hand, as `String(_:radix:)` of 128 bits divides for each: it took an eighth of
  /// the time of storing an adaptation.
  init(hexadecimal bits: UInt128) {
    var digits = [UInt8](repeating: 0, count: 32)
    var rest = bits
    for index in digits.indices.reversed() {
      let digit = UInt8(truncatingIfNeeded: rest) & 0xF
      digits[index] = digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
      rest >>= 4
    }
    self.init(String(decoding: digits, as: UTF8.self))
  }
}
