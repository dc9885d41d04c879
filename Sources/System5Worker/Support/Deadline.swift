/// Until when a call may take. A stop shortens it to what is left for a clean end.
struct Deadline {
  /// How long a call may go on once the stop was asked for.
  static let whenStopping: Duration = .seconds(3)
  /// How long one call blocks before the deadline is looked at again.
  private static let longestSlice: Duration = .seconds(1)
  private static let shortest: Duration = .milliseconds(1)

  private let end: ContinuousClock.Instant
  private let stop: StopSignal
  private let clock: any WorkerClock
  private let started: ContinuousClock.Instant

  init(_ limit: Duration, stop: StopSignal, clock: any WorkerClock) {
    started = clock.now
    end = started + limit
    self.stop = stop
    self.clock = clock
  }

  private var rest: Duration {
    (stop.isRequested ? min(end, started + Deadline.whenStopping) : end) - clock.now
  }

  var hasPassed: Bool { rest <= .zero }

  /// How long the next of several calls may block.
  var slice: Duration { min(remaining, Deadline.longestSlice) }

  /// How long a single call may block.
  var remaining: Duration { max(Deadline.shortest, rest) }
}
