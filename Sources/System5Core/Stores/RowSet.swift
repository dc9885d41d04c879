import HashTreeCollections

/// Some rows of an ``AdaptationRows``; a copy is a snapshot. As bits, since those that are alike come
/// to lie together, and in order, so that whoever visits them goes through memory one way.
struct RowSet: Sendable {
  /// A divisor of how many rows a block has.
  static let wordRows = 64

  /// By number; none without a row.
  private var words = TreeDictionary<WordNumber, UInt64>()
  private(set) var count = 0

  init() {}

  mutating func insert(_ row: Int) { update(row) { $0 | $1 } }

  mutating func remove(_ row: Int) { update(row) { $0 & ~$1 } }

  /// Any of them.
  var first: Int? {
    words.first.map { $0.key.number * RowSet.wordRows + $0.value.trailingZeroBitCount }
  }

  /// Up to 64 neighbours at a time, as the first of them and a bit for each that is there. The newest
  /// first, as they have the best chances to be among the latest.
  func eachWord(_ body: (_ firstRow: Int, _ bits: UInt64) -> Void) {
    for (number, bits) in words.sorted(by: { $0.key > $1.key }) {
      body(number.number * RowSet.wordRows, bits)
    }
  }

  private mutating func update(_ row: Int, by change: (_ word: UInt64, _ bit: UInt64) -> UInt64) {
    let number = WordNumber(number: row / RowSet.wordRows)
    let bit: UInt64 = 1 << UInt64(row % RowSet.wordRows)
    let (difference, isEmpty) = words.updateValue(forKey: number, default: 0) { word in
      let before = word.nonzeroBitCount
      word = change(word, bit)
      return (word.nonzeroBitCount - before, word == 0)
    }
    count += difference
    if isEmpty { words.removeValue(forKey: number) }
  }
}

/// Numbers count on from 0, so that they are their own best hashes; to have them hashed took longer
/// than all else about a row.
private struct WordNumber: Hashable, Comparable {
  let number: Int

  func _rawHashValue(seed: Int) -> Int { number }

  static func < (lhs: WordNumber, rhs: WordNumber) -> Bool { lhs.number < rhs.number }
}

extension UInt64 {
  /// The places of the bits that are set, the greatest first.
  func eachBit(_ body: (Int) -> Void) {
    var rest = self
    while rest != 0 {
      let place = UInt64.bitWidth - 1 - rest.leadingZeroBitCount
      body(place)
      rest ^= 1 &<< UInt64(place)
    }
  }
}

extension RowSet: HasFootprint {
  package var heapBytes: Int { Footprint.tree(words) }
}
