/// What counts on from 1: versions of a policy, episodes of an alert.
package enum Ordinal {
  /// The numbers that a checkpoint may hold: more than any log leads to, and so far from the last
  /// `Int64` that counting on does not overflow.
  package static let plausible: ClosedRange<Int64> = 1...(1 << 53)
}
