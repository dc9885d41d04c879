import Synchronization

/// Tells every pipeline, on whatever thread, that it is time to finish.
package final class StopSignal: Sendable {
  private let flag = Atomic<Bool>(false)

  package init() {}

  package var isRequested: Bool { flag.load(ordering: .acquiring) }

  package func request() { flag.store(true, ordering: .releasing) }

  /// Waits, but not longer than until the stop; returns whether it was asked for.
  @discardableResult
  func wait(_ duration: Duration, by clock: any WorkerClock) -> Bool {
    let end = clock.now + duration
    while !isRequested {
      let rest = end - clock.now
      if rest <= .zero { break }
      clock.sleep(min(rest, .milliseconds(50)))
    }
    return isRequested
  }
}
