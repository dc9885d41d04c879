/// How far a metric is from what it usually is.
enum MetricState: String, CaseIterable, Sendable {
  case low, steady, raised, high, extreme

  /// - Parameter score: in deviations from the baseline.
  init(score: Double) {
    switch score {
    case ..<(-4): self = .low
    case ..<4: self = .steady
    case ..<8: self = .raised
    case ..<16: self = .high
    default: self = .extreme
    }
  }
}

/// A value, judged.
struct Observation: Sendable, Equatable {
  let value: Double
  /// What was usual before it.
  let baseline: Double
  /// How many deviations the value is from the baseline; negative below it.
  let score: Double

  var state: MetricState { MetricState(score: score) }
}

/// Tells what is unusual from what is usual, by exponentially weighted moving averages of the
/// values and of their absolute deviations.
///
/// An average follows what lasts, and forgets: with a weight of 0.05, half of it is from the last
/// 14 values. To an anomaly it gives way slowly, as a value counts for no more than three
/// deviations; so a long one becomes usual in the end, and a short one hides neither itself nor the
/// next. Of a normal distribution the standard deviation is 1.25 times the mean absolute deviation,
/// so that a score of 4 is one in 16,000.
struct AnomalyDetector {
  private static let weight = 0.05
  private static let normalScale = 1.253
  private static let longestStep = 3.0
  /// How many values it takes to know what is usual; until then everything is.
  static let warmUp = 10

  private let leastDeviation: Double
  private var mean = 0.0
  private var meanDeviation = 0.0
  private var count = 0

  /// - Parameter leastDeviation: the deviation of a metric that does not move; more than 0.
  init(leastDeviation: Double) { self.leastDeviation = leastDeviation }

  /// Judges a value by those before it, and learns from it.
  mutating func observe(_ value: Double) -> Observation {
    let baseline = count == 0 ? value : mean
    let deviation = max(leastDeviation, meanDeviation * Self.normalScale)
    let score = count < Self.warmUp ? 0 : (value - baseline) / deviation
    learn(value, baseline: baseline, deviation: deviation)
    return Observation(value: value, baseline: baseline, score: score)
  }

  private mutating func learn(_ value: Double, baseline: Double, deviation: Double) {
    count += 1
    // The first values count alike.
    let weight = max(Self.weight, 1 / Double(count))
    var step = value - baseline
    if count > Self.warmUp {
      let longest = Self.longestStep * deviation
      step = min(longest, max(-longest, step))
    }
    mean = baseline + weight * step
    meanDeviation += weight * (abs(step) - meanDeviation)
  }
}
