import Foundation
import Kafka
import NIOHTTP1
import System5Core
import System5Testing
import System5Wire
import Testing

@testable import system5

/// Alerts on their way to a real Alertmanager, and to a webhook that fails in many ways.
@Suite(.serialized, .enabled(if: Program.brokers != nil, "needs SYSTEM5_TEST_BROKERS"))
struct ForwardIntegrationTests {
  /// A line of the alerts' topic, as a worker would publish it.
  private func alert(_ number: Int, firing: Bool = true) -> String {
    let system = "system-\(number % 7)"
    let end = firing ? "" : ",\"ends_at\":\"2026-11-23T08:05:00Z\""
    return """
      {"topic":"system5.alerts","timestamp":"2026-11-23T08:00:00Z","key":"\(system)/a\(number % 7)",\
      "headers":{"content-type":"application/cloudevents+json; charset=UTF-8"},\
      "value":{"specversion":"1.0","id":"alert-\(number)","source":"/system5/\(system)",\
      "type":"system5.alert.\(firing ? "firing" : "resolved")","data":{"system":"\(system)",\
      "alert":"a\(number % 7)","kind":"variety-threshold","source":"queue","direction":"above",\
      "value":120,"threshold":100,"starts_at":"2026-11-23T08:00:00Z"\(end),"episode":1,\
      "summary":"Too much."}}}
      """
  }

  private func ids(_ receiver: WebhookReceiver) -> [String] {
    receiver.received.map { JSONFile.parse(Data($0.body))?.object?["id"]?.text ?? "" }
  }

  @Test func aWebhookThatFailsGetsEachAlertInTheEnd() async throws {
    let deployment = try Deployment()
    let receiver = try await WebhookReceiver([
      .status(500), .status(200),
      .status(429, retryAfter: "2"), .status(200),
      .status(400),
      .silence, .status(503), .status(200),
    ])
    let key = try deployment.folder.write(["a key"], to: "key")
    try deployment.emit((0..<5).map { alert($0) } + [alert(0)])
    let forwarder = try deployment.startForwarder([
      "--webhook", receiver.url, "--hmac-key-file", key, "--timeout", "1",
    ])
    try wait(seconds: 60, "ten requests: \(forwarder.log)") { receiver.received.count >= 9 }
    // The repeated id is not delivered, and what follows is.
    try deployment.emit([alert(5)])
    try wait(seconds: 30, "the last: \(forwarder.log)") { receiver.received.count >= 10 }
    #expect(try forwarder.stop() == 0, "\(forwarder.log)")
    let ids = ids(receiver)
    #expect(ids.count == 10, "\(ids)")
    #expect(ids[0] == ids[1] && ids[2] == ids[3] && Set(ids[5...7]).count == 1, "\(ids)")
    #expect(Set(ids) == Set((0..<6).map { "alert-\($0)" }))
    let received = receiver.received
    #expect(received[3].at - received[2].at >= .milliseconds(1_990), "Retry-After")
    try expectSigned(received)
    try expectBuried([ids[4]], code: "webhook-refused", in: deployment)
    try await receiver.close()
  }

  @Test(arguments: [
    (
      ["--webhook", "http://127.0.0.1:1", "--hmac-key-file", "/no/such"], 78, "cannot read /no/such"
    ),
    (["--webhook", "http://127.0.0.1:1", "--token-file", "/etc/hostname"], 78, "without TLS"),
    (["--webhook", "http://127.0.0.1:1", "--prefix", "nowhere."], 78, "topics apply"),
    (["--webhook", "127.0.0.1:1"], 64, "no URL"),
    ([], 64, "either --alertmanager or --webhook"),
  ])
  func whatCannotWorkIsSaidAtOnce(arguments: [String], status: Int32, sentence: String) throws {
    let done = try Program.run(
      ["forward", "--brokers", try #require(Program.brokers)] + arguments)
    #expect(done.status == status, "\(done.errors)")
    #expect(done.errors.contains(sentence), "\(done.errors)")
  }

  private func expectSigned(_ requests: [WebhookReceiver.Received]) throws {
    let signature = try #require(WebhookSignature(key: Array("a key".utf8)))
    for request in requests {
      let header = try #require(request.headers.first(name: WebhookSignature.header))
      let seconds = try #require(Int64(header.dropFirst(2).prefix { $0 != "," }))
      #expect(header == signature.value(of: request.body, at: Timestamp(seconds: seconds)))
      #expect(
        request.headers.first(name: "content-type")
          == "application/cloudevents+json; charset=UTF-8")
    }
  }

  private func expectBuried(
    _ ids: [String], code: String, in deployment: Deployment
  ) throws {
    let letters = try deployment.records(of: ["forward.dead-letters"])
    let found = letters.map { JSONFile.parse(Data($0.value ?? []))?.object?["id"]?.text ?? "" }
    #expect(found == ids)
    for letter in letters {
      let text = letter.headers.mapValues { String(decoding: $0, as: UTF8.self) }
      #expect(text["__system5.errors.code"] == code)
      #expect(text["__system5.errors.topic"] == deployment.prefix + "alerts")
      #expect(text["content-type"]?.hasPrefix("application/cloudevents+json") ?? false)
    }
  }

  @Test func aKilledForwarderLosesNothingAndRepeatsOnlyWhatWasNotCommitted() async throws {
    let deployment = try Deployment()
    let receiver = try await WebhookReceiver()
    try deployment.emit((0..<200).map { alert($0) })
    for round in 1...3 {
      let forwarder = try deployment.startForwarder(["--webhook", receiver.url])
      let enough = round * 40
      try wait(seconds: 60, "\(enough) requests: \(forwarder.log)") {
        receiver.received.count >= enough
      }
      if round == 2 {
        #expect(try forwarder.stop() == 0, "\(forwarder.log)")
      } else {
        kill(forwarder.process.processIdentifier, SIGKILL)
        forwarder.process.waitUntilExit()
      }
    }
    let last = try deployment.startForwarder(["--webhook", receiver.url])
    try wait(seconds: 60, "all: \(last.log)") { Set(ids(receiver)).count == 200 }
    #expect(try last.stop() == 0, "\(last.log)")
    // Each kill may repeat what was in hand; the stop repeats nothing.
    #expect(receiver.received.count <= 202, "\(receiver.received.count)")
    try expectOrderWithinSystems(ids(receiver))
    try await receiver.close()
  }

  private func expectOrderWithinSystems(_ ids: [String]) throws {
    var latest: [Int: Int] = [:]
    for id in ids {
      let number = try #require(Int(id.dropFirst("alert-".count)))
      #expect(number >= latest[number % 7] ?? 0)
      latest[number % 7] = number
    }
  }

  @Test func anAlertmanagerSeesWhatFiresAndWhatIsResolved() async throws {
    let deployment = try Deployment()
    let manager = try Alertmanager(in: deployment.folder)
    defer { manager.kill() }
    let worker = try deployment.startWorker()
    let forwarder = try deployment.startForwarder(["--alertmanager", manager.url])
    try deployment.emit([
      event("t", "threshold-set", "\"source\":\"queue\",\"threshold\":100"), measured("m-1", 150),
    ])
    try await manager.wait(for: 1) { "\(deployment.log) \(forwarder.log)" }
    let alert = try #require(try await manager.alerts().first)
    #expect(alert["labels"]?.object?["alertname"]?.text == "variety-threshold")
    #expect(alert["labels"]?.object?["system"]?.text == "acme")
    #expect(alert["labels"]?.object?["source"]?.text == "queue")
    #expect(alert["status"]?.object?["state"]?.text == "active")
    #expect(alert["annotations"]?.object?["value"]?.text == "150")

    // One that has lost all, and a forwarder that has committed all: it is told again.
    manager.kill()
    kill(forwarder.process.processIdentifier, SIGKILL)
    forwarder.process.waitUntilExit()
    let again = try Alertmanager(in: deployment.folder)
    defer { again.kill() }
    let second = try deployment.startForwarder([
      "--alertmanager", manager.url, "--alertmanager", again.url,
    ])
    try await again.wait(for: 1) { second.log }
    try deployment.emit([measured("m-2", 50)])
    try await again.wait(for: 0) { "\(deployment.log) \(second.log)" }
    #expect(try second.stop() == 0, "\(second.log)")
    #expect(try worker.stop() == 0, "\(deployment.log)")
    try expectBuried([], code: "", in: deployment)
  }

  private func measured(_ id: String, _ variety: Int) -> String {
    event(id, "measured", "\"source\":\"queue\",\"variety\":\(variety)")
  }

  private func event(_ id: String, _ type: String, _ data: String) -> String {
    let time = RFC3339.text(of: .present)
    return """
      {"topic":"system5.variety.events","timestamp":"\(time)","key":"acme",\
      "value":{"specversion":"1.0","id":"\(id)","source":"/acme","time":"\(time)",\
      "type":"system5.variety.\(type)","data":{\(data)}}}
      """
  }
}

/// Debian's Alertmanager, on a port of its own and with empty storage.
private final class Alertmanager: Sendable {
  let url: String
  private let process: Process

  init(in folder: Folder) throws {
    let port = try freePort()
    url = "http://127.0.0.1:\(port)"
    let configuration = try folder.write(
      ["route: {receiver: none}", "receivers: [{name: none}]"], to: "alertmanager.yml")
    process = try Program.start(
      [
        "--config.file=\(configuration)", "--storage.path=\(folder.path("storage-\(port)"))",
        "--web.listen-address=127.0.0.1:\(port)", "--cluster.listen-address=",
      ], in: folder, log: "alertmanager.log",
      executable: Repository.path(".local/tools/alertmanager"))
  }

  func kill() {
    guard process.isRunning else { return }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// What fires, as it sees it.
  func alerts() async throws -> [JSONObject] {
    let page = try await Web.get(url + "/api/v2/alerts")
    return (JSONFile.parse(page.body)?.elements ?? []).compactMap(\.object)
  }

  func wait(for count: Int, _ what: () -> String) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while (try? await alerts().count) != count {
      guard ContinuousClock.now < deadline else { throw TimedOut(what: what()) }
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}

extension Deployment {
  func startForwarder(_ arguments: [String]) throws -> RunningWorker {
    let log = "forward-\(UUID().uuidString.prefix(4)).log"
    let process = try Program.start(
      ["forward", "--group", prefix + "group", "--session-timeout-ms", "2000"] + connection
        + arguments, in: folder, log: log)
    let forwarder = RunningWorker(process: process, folder: folder, logName: log)
    programs.append(forwarder)
    return forwarder
  }
}
