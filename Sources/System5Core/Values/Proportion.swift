/// A share of successes among trials, with the interval it can be trusted to lie in.
public struct Proportion: Hashable, Sendable {
  public let successes: Int64
  public let trials: Int64

  /// - Parameters:
  ///   - successes: 0 … `trials`.
  ///   - trials: 0 or more.
  public init(successes: Int64, trials: Int64) {
    self.successes = successes
    self.trials = trials
  }

  /// The Wilson score interval at 95 %: [0, 1] while there are no trials.
  ///
  /// Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
  /// JASA 22 (1927), with z = 1.959963984540054, the 97.5 % point of the normal distribution.
  public var wilsonInterval: (lower: Double, upper: Double) {
    guard trials > 0 else { return (0, 1) }
    let z = 1.959963984540054
    let n = Double(trials)
    let share = Double(successes) / n
    let scale = 1 + z * z / n
    let centre = (share + z * z / (2 * n)) / scale
    let margin = z / scale * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    // The bounds are exact at the ends, where rounding would leave a speck such as 1e-17.
    return (
      lower: successes <= 0 ? 0 : max(0, centre - margin),
      upper: successes >= trials ? 1 : min(1, centre + margin)
    )
  }
}
