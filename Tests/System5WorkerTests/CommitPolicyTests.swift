import Testing

@testable import System5Worker

@Suite struct CommitPolicyTests {
  private let policy = CommitPolicy(
    interval: .milliseconds(100), maxResults: 10, offsetsInterval: .milliseconds(500))

  private func pending(
    results: Int = 0, moved: Bool = true, age: Duration = .milliseconds(1)
  ) -> CommitPolicy.Pending {
    CommitPolicy.Pending(results: results, hasMoved: moved, age: age)
  }

  @Test func commitsResultsAtOnceWhenCaughtUp() {
    #expect(policy.decision(for: pending(results: 1), isCaughtUp: true) == .results)
  }

  @Test func gathersResultsWhileBusy() {
    #expect(policy.decision(for: pending(results: 1), isCaughtUp: false) == .wait)
  }

  @Test func commitsResultsWhenTheIntervalIsOver() {
    let old = pending(results: 1, age: .milliseconds(100))
    #expect(policy.decision(for: old, isCaughtUp: false) == .results)
  }

  @Test func commitsWhenResultsAreMany() {
    #expect(policy.decision(for: pending(results: 10), isCaughtUp: false) == .results)
  }

  @Test func commitsOffsetsAloneAtMostOncePerInterval() {
    #expect(policy.decision(for: pending(), isCaughtUp: true) == .wait)
    #expect(policy.decision(for: pending(age: .milliseconds(499)), isCaughtUp: true) == .wait)
    #expect(policy.decision(for: pending(age: .milliseconds(500)), isCaughtUp: true) == .offsets)
  }

  @Test func commitsNothingWhenNothingHasHappened() {
    let idle = pending(moved: false, age: .seconds(9))
    #expect(policy.decision(for: idle, isCaughtUp: true) == .wait)
  }

  @Test func pollsWithoutWaitingWhileResultsArePending() {
    #expect(policy.pollTimeout(for: pending(results: 1)) == .zero)
    #expect(policy.pollTimeout(for: pending(moved: false)) == .milliseconds(100))
    #expect(policy.pollTimeout(for: pending(age: .milliseconds(460))) == .milliseconds(40))
    #expect(policy.pollTimeout(for: pending(age: .seconds(1))) == .milliseconds(1))
  }
}
