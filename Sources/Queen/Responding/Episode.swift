import System5Client

/// One anomaly, from its first unusual value until it is over or has lasted too long.
struct Episode: Sendable {
  let adaptation: String
  let policy: String
  let began: ContinuousClock.Instant
  /// How long it may last for the adaptation to count as a success.
  let limit: Duration

  /// How it went; nil while that is open.
  func outcome(_ observation: Observation, at now: ContinuousClock.Instant) -> Outcome? {
    let elapsed = now - began
    if observation.state == .steady, elapsed <= limit {
      return Outcome(
        success: true, performanceImpact: 1 - 0.5 * (elapsed / limit),
        stabilityImpact: 1 - min(1, abs(observation.score) / 4))
    }
    return elapsed > limit ? Outcome(success: false) : nil
  }

  /// What patterns are made of: what kind of anomaly it is in words, how grave in numbers.
  static func context(
    _ metric: Metric, _ observation: Observation, _ response: Response
  ) -> AdaptationContext {
    AdaptationContext(
      anomalyContext: [
        "type": "unusual-value", "metric": .string(metric.rawValue),
        "direction": .string(observation.score < 0 ? "below" : "above"),
        "value": .number(observation.value), "baseline": .number(observation.baseline),
        "severity": .number(min(1, abs(observation.score) / 20)),
      ],
      policyChanges: response.actions, domain: metric.rawValue)
  }
}
