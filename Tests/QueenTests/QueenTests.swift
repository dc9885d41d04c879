import Foundation
import System5Client
import Synchronization
import Testing

@testable import Queen

@Suite struct AnomalyDetectorTests {
  private func detector(_ values: [Double]) -> AnomalyDetector {
    var detector = AnomalyDetector(leastDeviation: 0.05)
    for value in values { _ = detector.observe(value) }
    return detector
  }

  /// Around 1, and never the same twice in turn.
  private let usual = (0..<60).map { 1 + 0.1 * Double($0 % 5 - 2) }

  @Test func whatIsUsualIsSteady() {
    var detector = detector(usual)
    for value in usual { #expect(detector.observe(value).state == .steady) }
  }

  @Test func whatIsUnusualHasItsStateAndDirection() {
    let detector = detector(usual)
    func state(_ value: Double) -> MetricState {
      var copy = detector
      return copy.observe(value).state
    }
    #expect(state(-1) == .low)
    #expect(state(1.2) == .steady)
    #expect(state(1.8) == .raised)
    #expect(state(2.8) == .high)
    #expect(state(10) == .extreme)
  }

  @Test func everythingIsUsualUntilEnoughIsKnown() {
    var detector = AnomalyDetector(leastDeviation: 0.05)
    for index in 0..<AnomalyDetector.warmUp {
      #expect(detector.observe(index.isMultiple(of: 2) ? 0 : 100).state == .steady)
    }
  }

  /// One that follows every value at full length has its deviation blown up by the first.
  @Test func oneAnomalyDoesNotHideTheNext() {
    var detector = detector(usual)
    #expect(detector.observe(100).state == .extreme)
    #expect(detector.observe(1).state == .steady)
    #expect(detector.observe(100).state == .extreme)
  }

  @Test func whatLastsBecomesUsual() {
    var detector = detector(usual)
    var states: [MetricState] = []
    for _ in 0..<500 { states.append(detector.observe(3).state) }
    #expect(states.first == .high)
    #expect(states.last == .steady)
  }

  @Test func aMetricThatNeverMovedIsNotUpsetByLittle() {
    var detector = detector(Array(repeating: 0.5, count: 100))
    #expect(detector.observe(0.6).state == .steady)
    #expect(detector.observe(1.1).state == .high)
  }
}

@Suite struct ProcTests {
  @Test func loadIsTheFirstNumber() {
    #expect(Proc.load(in: "0.52 0.58 0.59 1/467 12345\n") == 0.52)
    #expect(Proc.load(in: "") == nil)
  }

  @Test func memoryIsWhatIsNotAvailable() {
    let text = "MemTotal:       1000 kB\nMemFree:   10 kB\nMemAvailable:    250 kB\n"
    #expect(Proc.memory(in: text) == 0.75)
    #expect(Proc.memory(in: "MemTotal: 0 kB\nMemAvailable: 0 kB\n") == nil)
  }

  @Test func cpuLeavesOutIdleTimeAndGuests() throws {
    let count = try #require(Proc.cpu(in: "cpu  10 20 30 100 40 1 2 3 900 900\ncpu0 1 1 1 1\n"))
    #expect(count.busy == 66)
    #expect(count.total == 206)
    #expect(Proc.cpu(in: "intr 1\n") == nil)
  }

  @Test(arguments: Metric.allCases) func everyMetricIsThere(metric: Metric) throws {
    var reader = MetricReader(metric)
    _ = try reader.read()
    var value: Double?
    let deadline = ContinuousClock.now + .seconds(5)
    while value == nil, ContinuousClock.now < deadline { value = try reader.read() }
    #expect(try #require(value) >= 0)
  }
}

@Suite struct QueenTests {
  private final class Sent: EventSender {
    let events = Mutex<[any System5Event]>([])

    func send(
      _ event: some System5Event, for system: String, id: String?, time: Date?
    ) async throws -> Delivery {
      events.withLock { $0.append(event) }
      return Delivery(id: "", topic: "", partition: 0, offset: nil)
    }

    func take() -> [any System5Event] {
      events.withLock { events in
        defer { events = [] }
        return events
      }
    }
  }

  private let sent = Sent()

  private func queen() -> Queen {
    Queen(
      Queen.Settings(
        system: "acme", metric: .cpu, sampleInterval: .seconds(1), recoveryLimit: .seconds(60),
        learnFrom: "load"),
      sender: sent, exercise: nil)
  }

  @Test func anAnomalyBecomesAPolicyAnAdaptationAndAnOutcome() async throws {
    let queen = queen()
    try await queen.judge(Observation(value: 0.9, baseline: 0.1, score: 10))
    let first = sent.take()
    #expect((first[0] as? VarietyMeasured)?.variety == 2)
    #expect((first[1] as? PolicyStored)?.policy == "cpu-high")
    let stored = try #require(first[2] as? AdaptationStored)
    #expect(stored.context.anomalyContext["direction"] == "above")
    #expect(stored.context.anomalyContext["severity"] == 0.5)
    #expect(stored.context.policyChanges == ["shed-own-load"])
    #expect(await queen.systemVariety.variety == 2)

    try await queen.judge(Observation(value: 0.9, baseline: 0.1, score: 9))
    #expect(sent.take().isEmpty)
    try await queen.judge(Observation(value: 0.1, baseline: 0.1, score: 0))
    let last = sent.take()
    let outcome = try #require(last[0] as? OutcomeRecorded)
    #expect(outcome.adaptation == stored.adaptation)
    #expect(outcome.outcome.success)
    #expect((last[1] as? PolicyEffectivenessRecorded)?.successCount == 1)

    // The second time it knows what to do.
    try await queen.judge(Observation(value: 0.9, baseline: 0.1, score: 10))
    let again = sent.take()
    #expect(again.count == 1)
    #expect((again[0] as? AdaptationStored)?.adaptation != stored.adaptation)
  }

  @Test func anAdaptationThatDoesNotHelpInTimeHasFailed() {
    let now = ContinuousClock.now
    let episode = Episode(adaptation: "a", policy: "p", began: now, limit: .seconds(10))
    let unusual = Observation(value: 1, baseline: 0, score: 10)
    let usual = Observation(value: 0, baseline: 0, score: 0)
    #expect(episode.outcome(unusual, at: now + .seconds(9)) == nil)
    #expect(episode.outcome(unusual, at: now + .seconds(11))?.success == false)
    #expect(episode.outcome(usual, at: now + .seconds(11))?.success == false)
    let soon = episode.outcome(usual, at: now + .seconds(5))
    #expect(soon == Outcome(success: true, performanceImpact: 0.75, stabilityImpact: 1))
  }

  @Test func tooLittleVarietyIsAnsweredByAskingForATransfer() async throws {
    let queen = queen()
    try await queen.handle(.alertFiring(alert(.requisiteVariety)))
    let transfer = try #require(sent.take().first as? TransferRequested)
    #expect(transfer == TransferRequested(from: "load", to: "cpu"))
    try await queen.handle(.alertFiring(alert(.criticalTrend)))
    #expect(sent.take().isEmpty)
  }

  private func alert(_ kind: Alert.Kind) -> Alert {
    Alert(
      id: "a", kind: kind, value: 1, startsAt: Date(timeIntervalSince1970: 0), episode: 1,
      summary: "A gap.")
  }
}
