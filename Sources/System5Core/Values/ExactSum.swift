/// A sum of `Double`s that is exact: the same for any order of adding, and after any number of
/// additions and removals what it would be had the removed numbers never been there.
///
/// Totals over sources are kept incrementally, and a plain running sum would drift and depend on
/// history (0.1 + 0.2 − 0.1 is not 0.2). The sum is held as non-overlapping partial sums, usually
/// one to three of them. Source: J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic and
/// Fast Robust Geometric Predicates" (1997), as used by Python's `math.fsum`.
package struct ExactSum: Hashable, Sendable {
  /// In ascending order of magnitude, none overlapping another, no zeros.
  package private(set) var partials: [Double] = []

  init() {}

  /// More partials than any sum of doubles needs: 2,098 bits in pieces of 53.
  package static let mostPartials = 40

  /// A sum as it was, for a checkpoint to bring back; nil if it cannot have been.
  package init?(partials: [Double]) {
    guard partials.count <= ExactSum.mostPartials,
      partials.allSatisfy({ $0 != 0 && abs($0) <= Rules.largestNumber * 1e9 }),
      zip(partials, partials.dropFirst()).allSatisfy({ abs($0) < abs($1) })
    else { return nil }
    self.partials = partials
  }

  /// - Parameter value: finite and small enough that no sum overflows (``Rules/largestNumber``).
  mutating func add(_ value: Double) {
    if addsUpExactly(value) { return }
    var high = value
    var kept = 0
    // By index: to go through the array itself would hold on to it and make each change a copy.
    for index in partials.indices {
      let partial = partials[index]
      let larger = abs(high) < abs(partial) ? partial : high
      let smaller = abs(high) < abs(partial) ? high : partial
      let sum = larger + smaller
      let rest = smaller - (sum - larger)
      if rest != 0 {
        partials[kept] = rest
        kept += 1
      }
      high = sum
    }
    while partials.count > kept { partials.removeLast() }
    if high != 0 { partials.append(high) }
  }

  /// Mostly one partial holds all of a sum, and goes on to.
  private mutating func addsUpExactly(_ value: Double) -> Bool {
    guard partials.count == 1 else { return false }
    let only = partials[0]
    let sum = only + value
    // What is lost of either by rounding (D. E. Knuth, "The Art of Computer Programming", 4.2.2).
    let kept = sum - only
    guard (only - (sum - kept)) + (value - kept) == 0, sum != 0 else { return false }
    partials[0] = sum
    return true
  }

  mutating func subtract(_ value: Double) { add(-value) }

  /// The sum, correctly rounded to the nearest `Double`, ties to even.
  var value: Double {
    guard var high = partials.last else { return 0 }
    var index = partials.count - 1
    var low = 0.0
    while index > 0 && low == 0 {
      index -= 1
      let sum = high + partials[index]
      low = partials[index] - (sum - high)
      high = sum
    }
    // Half-way cases: the partial below decides which way a tie goes.
    if index > 0, (low < 0) == (partials[index - 1] < 0), low != 0 {
      let doubled = low * 2
      let rounded = high + doubled
      if doubled == rounded - high { high = rounded }
    }
    return high
  }
}
