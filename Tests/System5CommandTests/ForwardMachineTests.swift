import Foundation
import Kafka
import NIOHTTP1
import System5Core
import System5Wire
import Testing

@testable import system5

private let partition = TopicPartition(topic: "system5.alerts", partition: 0)
private let start = Timestamp(seconds: 1_800_000_000)

private func after(_ seconds: Double) -> Timestamp { start.advanced(by: .init(seconds: seconds)) }

/// A record of an alert; of none where `firing` is nil.
private func record(
  _ offset: Int64, _ alert: String = "a", firing: Bool? = true, id: String? = nil,
  at time: Timestamp = start
) -> AlertRecord {
  let text = RFC3339.text(of: start)
  let end = firing == false ? ",\"ends_at\":\"\(RFC3339.text(of: after(30)))\"" : ""
  let type = firing == nil ? "other" : firing == true ? "alert.firing" : "alert.resolved"
  let value =
    "{\"specversion\":\"1.0\",\"id\":\"\(id ?? "e-\(offset)")\",\"type\":\"system5.\(type)\","
    + "\"data\":{\"system\":\"acme\",\"alert\":\"\(alert)\",\"kind\":\"variety-threshold\","
    + "\"source\":\"queue\",\"direction\":\"above\",\"value\":120.5,\"threshold\":100,"
    + "\"starts_at\":\"\(text)\"\(end),\"episode\":2,\"summary\":\"Too much.\"}}"
  return AlertRecord(
    RecordLine(
      topic: partition.topic, partition: partition.partition, offset: offset,
      timestampMilliseconds: time.milliseconds, key: Array("acme/\(alert)".utf8),
      value: Array(value.utf8)))
}

@Suite struct RetryScheduleTests {
  @Test func waitsDoubleUpToALongest() {
    let schedule = RetrySchedule()
    let waits = (1...10).map { schedule.wait(after: $0, asked: nil, chance: 1).seconds }
    #expect(waits == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60])
    #expect(schedule.wait(after: 1_000_000, asked: nil, chance: 1) == .seconds(60))
  }

  @Test func chanceTakesAnyPartOfTheWait() {
    let schedule = RetrySchedule()
    #expect(schedule.wait(after: 5, asked: nil, chance: 0) == .zero)
    #expect(schedule.wait(after: 5, asked: nil, chance: 0.25).seconds == 2)
  }

  @Test func theReceiverMayAskForLongerButNotForEver() {
    let schedule = RetrySchedule()
    #expect(schedule.wait(after: 1, asked: .seconds(20), chance: 1) == .seconds(20))
    #expect(schedule.wait(after: 8, asked: .seconds(20), chance: 1) == .seconds(60))
    #expect(schedule.wait(after: 1, asked: .hours(10), chance: 1) == .minutes(15))
  }
}

@Suite struct AnswerTests {
  @Test(arguments: [
    (200, PostOutcome.delivered), (204, .delivered),
    (400, .refused("the receiver answered 400 Bad Request")),
    (301, .refused("the receiver answered 301 Moved Permanently")),
    (500, .failed("the receiver answered 500 Internal Server Error")),
    (408, .failed("the receiver answered 408 Request Timeout")),
  ])
  func isDeliveredRefusedOrFailed(status: Int, outcome: PostOutcome) {
    let status = HTTPResponseStatus(statusCode: status)
    #expect(Receivers.judge(status, retryAfter: nil, at: start) == outcome)
  }

  @Test(arguments: [
    ("7", 7.0), ("0", 0), ("-1", nil), ("soon", nil), ("Fri, 15 Jan 2027 08:00:09 GMT", 9),
    ("Fri, 15 Jan 2027 07:00:00 GMT", 0),
  ])
  func mayAskToBeLeftAlone(text: String, seconds: Double?) {
    let asked = Receivers.span(asked: text, at: start)
    #expect(asked?.seconds == seconds)
    let outcome = Receivers.judge(.tooManyRequests, retryAfter: text, at: start)
    #expect(outcome == .failed("the receiver answered 429 Too Many Requests", retryAfter: asked))
  }

  @Test func anyOfSeveralReceiversIsEnough() {
    #expect(Receivers.combined([.failed("a"), .delivered, .refused("b")]) == .delivered)
    #expect(Receivers.combined([.refused("b"), .failed("a")]) == .failed("a"))
    #expect(Receivers.combined([.refused("b"), .refused("c")]) == .refused("b"))
  }

  /// Against `printf '1800000000.{}' | openssl dgst -sha256 -hmac key`.
  @Test func theSignatureIsWhatOthersCompute() throws {
    let signature = try #require(WebhookSignature(key: Array("key".utf8)))
    #expect(
      signature.value(of: Array("{}".utf8), at: start)
        == "t=1800000000,v1=7321475872b03ff21bdc2dfd86ea2d99ec29c479fbe4a77aa6acf4509505493f")
    #expect(WebhookSignature(key: []) == nil)
  }
}

@Suite struct WebhookMachineTests {
  private func machine(committed: Int64? = nil, attempts: Int = 3) -> WebhookMachine {
    var machine = WebhookMachine(attempts: attempts)
    machine.assigned(partition, committed: committed)
    return machine
  }

  private func subject(_ step: ForwardStep) -> String? {
    if case .post(let post) = step { post.subject } else { nil }
  }

  @Test func oneAfterAnotherAndThenCommitted() {
    var machine = machine()
    for offset in 0..<3 { machine.arrived(record(Int64(offset)), at: start) }
    for offset in 0..<3 {
      #expect(subject(machine.next(at: start)) == "e-\(offset)")
      #expect(machine.next(at: start) == .wait)
      #expect(machine.progress.commits.map(\.offset) == (offset == 0 ? [] : [Int64(offset)]))
      machine.ended(.delivered, at: start, chance: 1)
    }
    #expect(machine.next(at: start) == .wait)
    #expect(machine.progress.commits == [PartitionOffset(partition, 3)])
  }

  @Test func whatFailsIsTriedAgainInItsPlace() {
    var machine = machine()
    machine.arrived(record(0), at: start)
    machine.arrived(record(1, "b"), at: start)
    #expect(subject(machine.next(at: start)) == "e-0")
    machine.ended(.failed("500"), at: start, chance: 1)
    #expect(machine.next(at: after(0.4)) == .wait)
    #expect(subject(machine.next(at: after(0.5))) == "e-0")
    machine.ended(.failed("429", retryAfter: .seconds(20)), at: after(1), chance: 0)
    #expect(machine.next(at: after(20)) == .wait)
    #expect(subject(machine.next(at: after(21))) == "e-0")
    machine.ended(.delivered, at: after(21), chance: 1)
    #expect(subject(machine.next(at: after(21))) == "e-1")
  }

  @Test func afterTheLastAttemptItIsADeadLetter() {
    var machine = machine(attempts: 2)
    machine.arrived(record(0), at: start)
    for _ in 0..<2 {
      _ = machine.next(at: after(1_000))
      machine.ended(.failed("500"), at: start, chance: 0)
    }
    #expect(
      machine.next(at: after(1_000))
        == .bury(
          [record(0)], code: "webhook-unavailable",
          message: "The last of 2 attempts failed: 500"))
    #expect(machine.progress.commits.isEmpty)
    machine.buried()
    #expect(machine.progress.commits.map(\.offset) == [1])
    #expect(machine.next(at: after(1_000)) == .wait)
  }

  @Test func whatIsRefusedIsADeadLetterAtOnce() {
    var machine = machine()
    machine.arrived(record(0), at: start)
    _ = machine.next(at: start)
    machine.ended(.refused("400"), at: start, chance: 1)
    #expect(
      machine.next(at: start) == .bury([record(0)], code: "webhook-refused", message: "400"))
  }

  @Test func whatCameTwiceOrIsNoAlertIsPassedOver() {
    var machine = machine()
    machine.arrived(record(0, id: "same"), at: start)
    machine.arrived(record(1, id: "same"), at: start)
    machine.arrived(record(2, firing: nil), at: start)
    _ = machine.next(at: start)
    machine.ended(.delivered, at: start, chance: 1)
    #expect(machine.next(at: start) == .wait)
    #expect(machine.progress.commits.map(\.offset) == [3])
  }

  /// An id below the group's offset was delivered: its repetition is not.
  @Test func anEarlierLifeIsRemembered() {
    var machine = machine(committed: 2)
    machine.arrived(record(0, id: "old"), at: start)
    machine.arrived(record(1), at: start)
    #expect(machine.next(at: start) == .wait)
    #expect(machine.progress.commits.isEmpty)
    machine.arrived(record(2, id: "old"), at: start)
    machine.arrived(record(3), at: start)
    #expect(subject(machine.next(at: start)) == "e-3")
  }

  @Test func aPartitionThatGoesTakesItsRecordsAlong() {
    var machine = machine()
    machine.arrived(record(0), at: start)
    machine.arrived(record(1), at: start)
    _ = machine.next(at: start)
    machine.dropped(partition)
    machine.ended(.failed("500"), at: start, chance: 1)
    #expect(machine.next(at: after(100)) == .wait)
    #expect(machine.progress.commits.isEmpty)
  }

  @Test func aFullQueueWantsNoMore() {
    var machine = machine()
    for offset in 0..<1_000 { machine.arrived(record(Int64(offset)), at: start) }
    #expect(!machine.wantsRecords)
    _ = machine.next(at: start)
    machine.ended(.delivered, at: start, chance: 1)
    #expect(machine.wantsRecords)
  }
}

@Suite struct AlertmanagerMachineTests {
  private func machine(committed: Int64? = nil) -> AlertmanagerMachine {
    var machine = AlertmanagerMachine()
    machine.assigned(partition, committed: committed)
    return machine
  }

  /// The alerts of a request: fingerprint and end.
  private func told(_ step: ForwardStep) -> [String: String] {
    guard case .post(let post) = step,
      let list = JSONFile.parse(Data(post.body))?.elements
    else { return [:] }
    return Dictionary(
      list.compactMap { alert in
        guard let labels = alert.object?["labels"]?.object, let name = labels["alert"]?.text,
          let end = alert.object?["endsAt"]?.text
        else { return nil }
        return (name, end)
      }, uniquingKeysWith: { first, _ in first })
  }

  private func text(_ seconds: Double) -> String { RFC3339.text(of: after(seconds)) }

  @Test func whatFiresIsToldAgainAndAgain() {
    var machine = machine()
    machine.arrived(record(0), at: start)
    #expect(machine.next(at: start) == .wait, "the end of the log is not known yet")
    machine.reachedEnd(of: partition, at: 1)
    #expect(told(machine.next(at: start)) == ["a": text(240)])
    #expect(machine.progress.commits.isEmpty)
    machine.ended(.delivered, at: start, chance: 1)
    #expect(machine.progress.commits.map(\.offset) == [1])
    #expect(machine.next(at: after(59)) == .wait)
    #expect(told(machine.next(at: after(60))) == ["a": text(300)])
  }

  @Test func whatIsResolvedIsToldForFiveMinutes() {
    var machine = machine()
    machine.reachedEnd(of: partition, at: 0)
    machine.arrived(record(0, firing: false), at: after(60))
    var times: [Double] = []
    for second in stride(from: 60.0, to: 1_000, by: 10) {
      guard case .post = machine.next(at: after(second)) else { continue }
      times.append(second)
      machine.ended(.delivered, at: after(second), chance: 1)
    }
    #expect(times == [60, 120, 180, 240, 300])
    var ended = AlertmanagerMachine()
    ended.assigned(partition, committed: nil)
    ended.reachedEnd(of: partition, at: 0)
    ended.arrived(record(0, firing: false), at: after(60))
    #expect(told(ended.next(at: after(60))) == ["a": text(30)])
  }

  /// The newest state of each alert is known again, and nothing that is over is told.
  @Test func afterARestartItKnowsWhatFires() {
    var machine = machine(committed: 4)
    machine.arrived(record(0, "old"), at: after(9_000))
    machine.arrived(record(1, "old", firing: false), at: after(9_000))
    machine.arrived(record(2, "fires"), at: after(9_000))
    machine.arrived(record(3, "recent", firing: false, at: after(8_900)), at: after(9_000))
    machine.reachedEnd(of: partition, at: 4)
    #expect(Set(told(machine.next(at: after(9_000))).keys) == ["fires", "recent"])
    #expect(machine.progress.commits.isEmpty)
  }

  @Test func failuresAreTriedAgainForEver() {
    var machine = machine()
    machine.reachedEnd(of: partition, at: 0)
    machine.arrived(record(0), at: start)
    var now = start
    for _ in 0..<50 {
      #expect(!told(machine.next(at: now)).isEmpty)
      machine.ended(.failed("no answer"), at: now, chance: 1)
      #expect(machine.next(at: now) == .wait)
      now = now.advanced(by: .seconds(60))
    }
    #expect(machine.progress.commits.isEmpty)
  }

  /// What has changed while a request is on its way is not taken for delivered.
  @Test func whatChangesMeanwhileIsToldAtOnce() {
    var machine = machine()
    machine.reachedEnd(of: partition, at: 0)
    machine.arrived(record(0), at: start)
    _ = machine.next(at: start)
    machine.arrived(record(1, firing: false), at: after(1))
    machine.ended(.delivered, at: after(40), chance: 1)
    #expect(machine.progress.commits.map(\.offset) == [1])
    #expect(told(machine.next(at: after(40))) == ["a": text(30)])
  }

  @Test func theOneThatIsRefusedIsFound() {
    var machine = machine()
    machine.reachedEnd(of: partition, at: 0)
    for (offset, name) in ["a", "bad", "c"].enumerated() {
      machine.arrived(record(Int64(offset), name), at: start)
    }
    var buried: [AlertRecord] = []
    var delivered: Set<String> = []
    for _ in 0..<20 {
      let step = machine.next(at: start)
      if case .bury(let records, let code, _) = step {
        #expect(code == "alertmanager-refused")
        buried += records
        machine.buried()
        continue
      }
      let names = Set(told(step).keys)
      if names.isEmpty { break }
      if !names.contains("bad") { delivered.formUnion(names) }
      machine.ended(names.contains("bad") ? .refused("400") : .delivered, at: start, chance: 1)
    }
    #expect(buried.map(\.offset) == [1])
    #expect(delivered == ["a", "c"])
    #expect(machine.progress.commits.map(\.offset) == [3])
  }

  @Test func labelsAreWhatTellsAlertsApart() throws {
    let alert = try #require(record(0).alert)
    let json = AlertmanagerAlert.json(alert, at: start, resend: .minutes(1)).jsonValue
    #expect(
      json.object?["labels"] == [
        "alertname": "variety-threshold", "alert": "a", "direction": "above",
        "severity": "warning", "source": "queue", "system": "acme",
      ])
    #expect(
      json.object?["annotations"] == [
        "summary": "Too much.", "value": "120.5", "threshold": "100", "episode": "2",
      ])
  }

  /// Alertmanager refuses an end before the beginning, and takes one to come for none.
  @Test func theEndIsNeitherBeforeTheBeginningNorToCome() throws {
    let alert = try #require(record(0, firing: false).alert)
    func end(at now: Timestamp) -> String? {
      AlertmanagerAlert.json(alert, at: now, resend: .minutes(1)).jsonValue.object?["endsAt"]?.text
    }
    #expect(end(at: after(60)) == text(30))
    #expect(end(at: after(10)) == text(10))
    #expect(end(at: after(-10)) == text(0))
  }
}

@Suite struct SeenIDsTests {
  @Test func theOldestIsForgotten() {
    var seen = SeenIDs(limit: 2)
    #expect(
      ["a", "b", "a", "c", "b", "a"].map { seen.insert($0) } == [
        true, true, false, true, false, true,
      ])
  }
}
