/// Until when a call may take. A stop shortens it to what is left for a clean end.
struct Deadline {
  /// How long a call may go on once the stop was asked for.
  static let whenStopping: Duration = .seconds(3)
  /// How long one call blocks before the deadline is looked at again.
  private static let slice: Duration = .seconds(1)

  private let end: ContinuousClock.Instant?
  private let stop: StopSignal
  private let started = ContinuousClock.now

  /// - Parameter limit: nil waits without end.
  init(_ limit: Duration?, stop: StopSignal) {
    end = limit.map { ContinuousClock.now + $0 }
    self.stop = stop
  }

  private var remaining: Duration? {
    let untilEnd = end.map { $0 - .now }
    guard stop.isRequested else { return untilEnd }
    let untilStopped = started + Deadline.whenStopping - .now
    return min(untilEnd ?? untilStopped, untilStopped)
  }

  var hasPassed: Bool { remaining.map { $0 <= .zero } ?? false }

  var sliceMilliseconds: Int {
    min(remaining ?? Deadline.slice, Deadline.slice).clampedMilliseconds
  }

  /// -1 without an end.
  var remainingMilliseconds: Int { remaining?.clampedMilliseconds ?? -1 }
}

extension Duration {
  fileprivate var clampedMilliseconds: Int { max(1, milliseconds) }
}
