import Foundation
import Synchronization
import Testing

@testable import System5Client

@Suite(.timeLimit(.minutes(1))) struct ReporterTests {
  private struct Failure: Error {}

  private let clock = TestClock()
  private let sent = Sent()

  private func reporter(
    _ measure: @escaping @Sendable () async throws -> Variety?
  ) -> VarietyReporter<TestClock> {
    VarietyReporter(
      sender: sent, system: "acme", source: "responses", clock: clock, measure: measure)
  }

  @Test func measuresAtOnceAndThenEveryThirtySeconds() async throws {
    let turns = Turns()
    let reporter = reporter {
      Variety(Double(turns.next()), capacity: 40, role: .system, metadata: ["a": 1])
    }
    let task = Task { await reporter.run() }
    await clock.untilSomeoneSleeps()
    #expect(
      sent.events == [
        VarietyMeasured("responses", variety: 1, capacity: 40, role: .system, metadata: ["a": 1])
      ])
    #expect(sent.systems == ["acme"])
    clock.advance(by: .seconds(29))
    #expect(sent.events.count == 1)
    for turn in 2...4 {
      clock.advance(by: turn == 2 ? .seconds(1) : .seconds(30))
      await clock.untilSomeoneSleeps()
      #expect(sent.events.map(\.variety).last == Double(turn))
    }
    task.cancel()
    await task.value
    #expect(sent.events.count == 4)
  }

  @Test func aFailureDoesNotEndIt() async throws {
    let turns = Turns()
    let reporter = reporter {
      let turn = turns.next()
      if turn == 1 { throw Failure() }
      return turn == 2 ? nil : Variety(Double(turn))
    }
    sent.failures.withLock { $0 = 1 }
    let task = Task { await reporter.run() }
    for _ in 1...4 {
      await clock.untilSomeoneSleeps()
      clock.advance(by: .seconds(30))
    }
    await clock.untilSomeoneSleeps()
    task.cancel()
    await task.value
    // The first could not be measured, the second was nothing, the third was not delivered.
    #expect(sent.events.map(\.variety) == [4, 5])
  }

  @Test func whatWasMissedIsLeftOut() async throws {
    let turns = Turns()
    let clock = clock
    let reporter = reporter {
      let turn = turns.next()
      // Longer than two intervals.
      if turn == 1 { clock.advance(by: .seconds(70)) }
      return Variety(Double(turn))
    }
    let task = Task { await reporter.run() }
    await clock.untilSomeoneSleeps()
    clock.advance(by: .seconds(19))
    #expect(sent.events.count == 1)
    clock.advance(by: .seconds(1))
    await clock.untilSomeoneSleeps()
    #expect(sent.events.count == 2)
    task.cancel()
    await task.value
  }
}

private final class Turns: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}

/// Takes events down instead of sending them.
private final class Sent: EventSender {
  struct Failure: Error {}

  let failures = Mutex(0)
  private let sent = Mutex<[(VarietyMeasured, String)]>([])

  var events: [VarietyMeasured] { sent.withLock { $0.map(\.0) } }
  var systems: [String] { sent.withLock { $0.map(\.1) } }

  func send(
    _ event: some System5Event, for system: String, id: String?, time: Date?
  ) async throws -> Delivery {
    let fails = failures.withLock { failures in
      defer { failures = max(0, failures - 1) }
      return failures > 0
    }
    if fails { throw Failure() }
    if let event = event as? VarietyMeasured { sent.withLock { $0.append((event, system)) } }
    return Delivery(id: "", topic: "", partition: 0, offset: nil)
  }
}

/// A clock that moves when it is told to.
private final class TestClock: Clock {
  struct Instant: InstantProtocol {
    var offset: Duration

    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct Sleeper {
    let id: Int
    let deadline: Instant
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now = Instant(offset: .seconds(1_000))
    var sleepers: [Sleeper] = []
    var lastID = 0
    var cancelled: Set<Int> = []
  }

  private let state = Mutex(State())

  var now: Instant { state.withLock { $0.now } }
  var minimumResolution: Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome: Result<Void, any Error>? = state.withLock { state in
          if state.cancelled.contains(id) { return .failure(CancellationError()) }
          if deadline <= state.now { return .success(()) }
          state.sleepers.append(Sleeper(id: id, deadline: deadline, continuation: continuation))
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        state.cancelled.insert(id)
        return state.sleepers.firstIndex { $0.id == id }.map { state.sleepers.remove(at: $0) }
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  func advance(by duration: Duration) {
    let due = state.withLock { state in
      state.now = state.now.advanced(by: duration)
      let now = state.now
      defer { state.sleepers.removeAll { $0.deadline <= now } }
      return state.sleepers.filter { $0.deadline <= now }
    }
    for sleeper in due { sleeper.continuation.resume() }
  }

  func untilSomeoneSleeps() async {
    while state.withLock({ $0.sleepers.isEmpty }) { await Task.yield() }
  }
}
