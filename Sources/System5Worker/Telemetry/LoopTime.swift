import Metrics

/// Where the time of a pipeline's thread goes, so that one can see how busy it is.
struct LoopTime {
  enum Activity: String, CaseIterable { case poll, apply, commit, other }

  private let spent: [FloatingPointCounter]
  private var activity = Activity.other
  private var since: ContinuousClock.Instant

  init(pipeline: Int, at now: ContinuousClock.Instant, factory: any MetricsFactory) {
    spent = Activity.allCases.map {
      WorkerMetric.loopSeconds.amount("\(pipeline)", $0.rawValue, factory: factory)
    }
    since = now
  }

  /// Returns what went on until now.
  mutating func enter(_ next: Activity, at now: ContinuousClock.Instant) -> Activity {
    if let index = Activity.allCases.firstIndex(of: activity) {
      spent[index].increment(by: (now - since) / .seconds(1))
    }
    defer { (activity, since) = (next, now) }
    return activity
  }
}
