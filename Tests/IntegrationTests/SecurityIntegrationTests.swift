import Foundation
import System5Testing
import Testing

/// A connection that must not come about: how it is tried, and what is said of it.
private struct RefusedCase: Sendable {
  let name: String
  var front = "good"
  var wantsClient = false
  var settings: [String] = []
  let status: Int32
  let sentence: String
  /// Whether the worker ends too: it waits for brokers that only cannot be reached.
  var endsWorker = true
}

/// TLS, mutual TLS and SASL, through `stunnel4` in front of the local broker.
@Suite(.serialized, .enabled(if: Program.brokers != nil, "needs SYSTEM5_TEST_BROKERS"))
struct SecurityIntegrationTests {
  private static let canary = "canary-sasl-password"

  /// As options of every command.
  private static func options(_ settings: [String: String]) -> [String] {
    settings.sorted { $0.key < $1.key }.flatMap { ["--set", "kafka.\($0.key)=\($0.value)"] }
  }

  private static func tls(_ certificates: Certificates) -> [String: String] {
    ["security.protocol": "ssl", "ssl.ca.location": certificates.certificate("ca")]
  }

  private static func mutual(_ certificates: Certificates, _ passwordFile: String)
    -> [String: String]
  {
    tls(certificates).merging([
      "ssl.certificate.location": certificates.certificate("client"),
      "ssl.key.location": certificates.key("locked"), "ssl.key.password.file": passwordFile,
    ]) { $1 }
  }

  /// Runs a command and a worker for each case, all at once, as each takes its time to give up.
  private func expectRefused(
    _ cases: [(refused: RefusedCase, address: String, settings: [String: String])]
  ) throws {
    let folder = try Folder()
    defer { folder.remove() }
    let started = try cases.enumerated().map { index, one in
      let settings = ["--brokers", one.address] + Self.options(one.settings)
      let command = try Program.start(
        ["topics", "plan"] + settings, in: folder, log: "command-\(index)")
      let worker =
        try one.refused.endsWorker
        ? Program.start(
          ["run", "--set", "http.bind=off"] + settings, in: folder, log: "worker-\(index)") : nil
      return (command, worker)
    }
    for (index, one) in cases.enumerated() {
      try expect(one.refused, of: started[index].0, in: folder, log: "command-\(index)")
      if let worker = started[index].1 {
        try expect(one.refused, of: worker, in: folder, log: "worker-\(index)")
      }
    }
  }

  /// One sentence, and the exit code.
  private func expect(
    _ refused: RefusedCase, of process: Process, in folder: Folder, log: String
  ) throws {
    defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
    func errors() throws -> String { String(decoding: try folder.read(log), as: UTF8.self) }
    try wait(seconds: 40, "\(refused.name), \(log): \(errors())") { !process.isRunning }
    let said = try errors().split(separator: "\n").filter { $0.hasPrefix("system5: ") }
    #expect(process.terminationStatus == refused.status, "\(refused.name), \(log): \(said)")
    #expect(said.count == 1, "\(refused.name), \(log): \(said)")
    #expect(said.last?.contains(refused.sentence) ?? false, "\(refused.name), \(log): \(said)")
  }

  @Test func certificatesThatAreNotGoodAreRefused() throws {
    let broker = try SecuredBroker()
    let certificates = broker.certificates
    let folder = try Folder()
    defer { folder.remove() }
    let noPassword = try folder.write(["wrong"], to: "wrong")
    let noCertificate = try folder.write(["no certificate"], to: "none.crt")
    func with(_ more: [String: String]) -> [String: String] {
      Self.tls(certificates).merging(more) { $1 }
    }
    let wantsClient = try broker.front("good", wantsClient: true)
    let address = broker.address
    try expectRefused([
      (
        RefusedCase(name: "expired", status: 77, sentence: "certificate has expired"),
        try broker.front("expired"), with([:])
      ),
      (
        RefusedCase(name: "self-signed", status: 77, sentence: "is self-signed"),
        try broker.front("self-signed"), with([:])
      ),
      (
        RefusedCase(name: "wrong host", status: 77, sentence: "is for another host"),
        try broker.front("elsewhere"), with([:])
      ),
      (
        RefusedCase(name: "unknown authority", status: 77, sentence: "nobody that we trust"),
        address, with(["ssl.ca.location": certificates.certificate("stranger")])
      ),
      (
        RefusedCase(name: "no client", status: 77, sentence: "wants a client certificate"),
        wantsClient, with([:])
      ),
      (
        RefusedCase(name: "stranger", status: 77, sentence: "wants a client certificate"),
        wantsClient,
        with([
          "ssl.certificate.location": certificates.certificate("stranger"),
          "ssl.key.location": certificates.key("stranger"),
        ])
      ),
      (
        RefusedCase(name: "no such file", status: 78, sentence: "cannot read /no/such/file"),
        address, with(["ssl.ca.location": "/no/such/file"])
      ),
      (
        RefusedCase(name: "not a certificate", status: 78, sentence: "ssl.ca.location"),
        address, with(["ssl.ca.location": noCertificate])
      ),
      (
        RefusedCase(name: "wrong key password", status: 78, sentence: "ssl.key.location"),
        address, Self.mutual(certificates, noPassword)
      ),
      (
        RefusedCase(
          name: "nobody there", status: 69, sentence: "Connection refused", endsWorker: false),
        "127.0.0.1:\(try freePort())", with([:])
      ),
      (
        RefusedCase(
          name: "without TLS", status: 69, sentence: "Disconnected", endsWorker: false),
        address, [:]
      ),
    ])
  }

  @Test func passwordsThatAreNotGoodAreRefused() throws {
    let broker = try SecuredBroker(authentication: true)
    let folder = try Folder()
    defer { folder.remove() }
    let password = try folder.write([Self.canary], to: "password")
    func sasl(_ mechanism: String, _ more: [String: String] = [:]) -> [String: String] {
      Self.tls(broker.certificates).merging([
        "security.protocol": "sasl_ssl", "sasl.mechanism": mechanism, "sasl.username": "worker",
        "sasl.password.file": password,
      ]) { $1 }.merging(more) { $1 }
    }
    func refused(_ name: String, _ sentence: String, status: Int32 = 77) -> RefusedCase {
      RefusedCase(name: name, status: status, sentence: sentence)
    }
    var withoutTLS = sasl("PLAIN", ["security.protocol": "sasl_plaintext"])
    withoutTLS["ssl.ca.location"] = nil
    var oidc = sasl("OAUTHBEARER")
    oidc["sasl.username"] = nil
    oidc["sasl.password.file"] = nil
    oidc.merge([
      "sasl.oauthbearer.method": "oidc", "sasl.oauthbearer.client.id": "worker",
      "sasl.oauthbearer.client.secret.file": password,
      "sasl.oauthbearer.token.endpoint.url": "https://127.0.0.1:\(try freePort())/token",
    ]) { $1 }
    try expectRefused([
      (
        refused("SCRAM-SHA-256", "SCRAM authentication failed"), broker.address,
        sasl("SCRAM-SHA-256")
      ),
      (
        refused("SCRAM-SHA-512", "SCRAM authentication failed"), broker.address,
        sasl("SCRAM-SHA-512")
      ),
      (refused("PLAIN", "PLAIN"), broker.address, sasl("PLAIN")),
      (refused("OIDC", "token"), broker.address, oidc),
      (
        refused("no TLS", "allow.plaintext.password=true permits it", status: 78),
        broker.address, withoutTLS
      ),
      (
        refused("no file", "cannot read /no/such/file", status: 78), broker.address,
        sasl("PLAIN", ["sasl.password.file": "/no/such/file"])
      ),
    ])
  }

  @Test func aPasswordWithoutTLSIsWarnedAbout() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let done = try Program.run(
      ["config", "--set", "allow.plaintext.password=true"]
        + Self.options([
          "security.protocol": "sasl_plaintext", "sasl.mechanism": "PLAIN",
          "sasl.username": "worker", "sasl.password.file": folder.path("none"),
        ]))
    #expect(done.status == 0)
    #expect(done.errors.contains("system5: warning: credentials for Kafka go over the network"))
  }

  @Test func mutualTLSWorksAndItsSecretsStayInTheirFiles() async throws {
    let broker = try SecuredBroker()
    let folder = try Folder()
    defer { folder.remove() }
    let password = try folder.write([Certificates.keyPassword], to: "key-password")
    let settings = Self.options(Self.mutual(broker.certificates, password))
    let address = try broker.front("good", wantsClient: true)
    let deployment = try Deployment(brokers: address, settings: settings)
    // The debug build: one that holds Swift's libraries finds nobody to report its crash.
    let worker = try deployment.startWorker(
      ["--log-level", "trace", "--set", "kafka.debug=all"],
      environment: ["SWIFT_BACKTRACE": "enable=yes,color=no,interactive=no"],
      executable: Program.sibling("system5"))
    var generator = EventGenerator(seed: 41)
    generator.malformedPercent = 20
    try deployment.emit((0..<200).map { _ in generator.next() })
    var shown = Data()
    try wait(seconds: 60, "dead letters") {
      let letters = try deployment.tool(["dead-letters", "list", "--json"])
      shown = letters.output
      return !letters.lines.isEmpty
    }
    shown += try await asked(worker)
    for arguments in [["config"], ["config", "--json"]] {
      let config = try deployment.tool(arguments)
      #expect(config.status == 0)
      shown += config.output + Data(config.errors.utf8)
    }
    // What it tells when it crashes; a signal from outside does not end it after that.
    kill(worker.process.processIdentifier, SIGABRT)
    try wait(seconds: 60, "a crash report") {
      try deployment.folder.read(worker.logName).holds("Backtrace took")
    }
    worker.kill9()
    let log = try deployment.folder.read(worker.logName)
    #expect(log.holds("ssl.key.location"), "librdkafka tells its configuration")
    #expect(log.holds("crashed"), "a crash report: \(worker.log.suffix(500))")
    #expect(!(shown + log).holds(Certificates.keyPassword))
  }

  /// All pages that a worker serves.
  private func asked(_ worker: RunningWorker) async throws -> Data {
    let address = try worker.address()
    var pages = Data()
    for path in ["metrics", "v1/systems", "v1/statistics", "livez", "readyz", ""] {
      let page = try await Web.get("http://\(address)/\(path)")
      #expect(!page.body.isEmpty, "\(path)")
      pages += page.body
    }
    return pages
  }

  @Test func aRefusedPasswordIsNowhere() throws {
    let broker = try SecuredBroker(authentication: true)
    let folder = try Folder()
    defer { folder.remove() }
    let password = try folder.write([Self.canary], to: "password")
    for mechanism in ["PLAIN", "SCRAM-SHA-512"] {
      let settings = Self.tls(broker.certificates).merging([
        "security.protocol": "sasl_ssl", "sasl.mechanism": mechanism, "debug": "all",
        "sasl.username": "worker", "sasl.password.file": password,
      ]) { $1 }
      let run = try Program.run(
        ["run", "--brokers", broker.address, "--log-level", "trace", "--set", "http.bind=off"]
          + Self.options(settings))
      #expect(run.status == 77)
      #expect(run.errors.contains("sasl.password"), "librdkafka tells its configuration")
      #expect(!run.errors.contains(Self.canary))
      let inBase64 = Data("\0worker\0\(Self.canary)".utf8).base64EncodedString()
      #expect(!run.errors.contains(inBase64))
    }
  }

  @Test func aCertificateThatGoesBadIsWaitedFor() throws {
    let broker = try SecuredBroker()
    let settings = Self.options(Self.tls(broker.certificates))
    let deployment = try Deployment(brokers: broker.address, settings: settings)
    let worker = try deployment.startWorker()
    try worker.waitUntilAssigned()
    let own = try #require(broker.address.split(separator: ":").last.flatMap { Int($0) })
    broker.closeLastFront()
    try broker.front("expired", on: own)
    try wait(seconds: 60, "the refusal: \(deployment.log)") {
      worker.log.contains("refuse each other") || !worker.process.isRunning
    }
    #expect(worker.process.isRunning, "\(deployment.log)")
    broker.closeLastFront()
    try broker.front("good", on: own)
    var generator = EventGenerator(seed: 42)
    try deployment.emit((0..<10).map { _ in generator.next() })
    try wait(seconds: 60, "the broker to be back: \(deployment.log)") {
      worker.log.contains("Kafka is back") || !worker.process.isRunning
    }
    #expect(try worker.stop() == 0, "\(deployment.log)")
  }
}

extension Data {
  /// Logs that tell everything are too long to be searched as text.
  fileprivate func holds(_ text: String) -> Bool { range(of: Data(text.utf8)) != nil }
}
