/// Until when a call may take. A stop shortens it to what is left for a clean end.
struct Deadline {
  /// How long a call may go on once the stop was asked for.
  static let whenStopping: Duration = .seconds(3)
  /// How long one call blocks before the deadline is looked at again.
  private static let longestSlice: Duration = .seconds(1)
  private static let shortest: Duration = .milliseconds(1)

  private let end: ContinuousClock.Instant?
  private let stop: StopSignal
  private let clock: any WorkerClock
  private let started: ContinuousClock.Instant

  /// - Parameter limit: nil waits without end.
  init(_ limit: Duration?, stop: StopSignal, clock: any WorkerClock) {
    started = clock.now
    end = limit.map { [started] in started + $0 }
    self.stop = stop
    self.clock = clock
  }

  private var rest: Duration? {
    let untilEnd = end.map { $0 - clock.now }
    guard stop.isRequested else { return untilEnd }
    let untilStopped = started + Deadline.whenStopping - clock.now
    return min(untilEnd ?? untilStopped, untilStopped)
  }

  var hasPassed: Bool { rest.map { $0 <= .zero } ?? false }

  /// How long the next of several calls may block.
  var slice: Duration {
    max(Deadline.shortest, min(rest ?? Deadline.longestSlice, Deadline.longestSlice))
  }

  /// How long a single call may block; nil without an end.
  var remaining: Duration? { rest.map { max(Deadline.shortest, $0) } }
}
