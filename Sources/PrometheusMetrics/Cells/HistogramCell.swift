import CoreMetrics
import Synchronization

/// Observations by size. A lock keeps the buckets and the sum in step: a page must not show a count
/// without its share of the sum.
final class HistogramCell: RecorderHandler, TimerHandler {
  struct State: Sendable {
    /// Of each bucket by itself; the last one is without end.
    var counts: [UInt64]
    var sum = 0.0
  }

  /// nil: of no series.
  let identity: SeriesIdentity?
  let bounds: [Double]
  let created: Double
  private let content: Mutex<State>

  init(_ identity: SeriesIdentity?, bounds: [Double], created: Double) {
    self.identity = identity
    self.bounds = bounds
    self.created = created
    content = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
  }

  var state: State { content.withLock { $0 } }

  func record(_ value: Int64) { record(Double(value)) }

  /// What is measured here cannot be negative; where two clocks disagree it is 0.
  func record(_ value: Double) {
    guard value.isFinite else { return }
    let observed = max(0, value)
    let bucket = bounds.firstIndex { observed <= $0 } ?? bounds.count
    content.withLock {
      $0.counts[bucket] &+= 1
      $0.sum += observed
    }
  }

  /// Durations are in seconds, whatever unit is preferred elsewhere.
  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}
