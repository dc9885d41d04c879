import ArgumentParser
import AsyncHTTPClient
import Foundation
import Kafka
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import System5Core
import System5Worker
import UnixSignals

struct ForwardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forward",
    abstract: "Deliver alerts to Prometheus Alertmanager or to a webhook, until interrupted.",
    discussion: """
      An offset is committed once its alert was delivered, so each is delivered at least once. \
      Forwarders of one name share the work; those to different receivers need different names. \
      Ends on SIGTERM or SIGINT with what is in hand delivered.
      """)

  @OptionGroup var settings: SettingsOptions

  @Option(
    help: "An Alertmanager, such as http://alertmanager:9093; repeatable, for all of a cluster.")
  var alertmanager: [String] = []

  @Option(help: "Where each alert is posted as a CloudEvent.")
  var webhook: String?

  @Option(help: "A file with the key that signs what goes to the webhook.")
  var hmacKeyFile: String?

  @Option(help: "A file with a token for the receiver (Authorization: Bearer).")
  var tokenFile: String?

  @Option(
    help: "What its group is called after the workers': alertmanager or webhook unless given.")
  var name: String?

  @Option(help: "How often a delivery to the webhook is tried.")
  var attempts = 8

  @Option(help: "How long an answer may take, in seconds.")
  var timeout = 10

  @Option(help: "How often Alertmanager is told again, in seconds.")
  var resend = 60

  @Option(help: "How long Alertmanager is told of what is resolved, in seconds.")
  var afterResolving = 300

  func validate() throws {
    if alertmanager.isEmpty == (webhook == nil) {
      throw ValidationError("give either --alertmanager or --webhook")
    }
    for url in alertmanager + [webhook].compactMap({ $0 }) {
      guard let parsed = URL(string: url), ["http", "https"].contains(parsed.scheme),
        parsed.host()?.isEmpty == false
      else { throw ValidationError("\(url) is no URL of HTTP") }
    }
    if hmacKeyFile != nil, webhook == nil {
      throw ValidationError("--hmac-key-file is for a webhook")
    }
    for (option, value) in [
      ("attempts", attempts), ("timeout", timeout), ("resend", resend),
      ("after-resolving", afterResolving),
    ] where !(1...86_400).contains(value) {
      throw ValidationError("--\(option) is 1 to 86400")
    }
  }

  func run() async throws {
    let settings = try settings.load()
    let logger = settings.logger()
    let client = HTTPClient(
      eventLoopGroupProvider: .singleton,
      configuration: HTTPClient.Configuration(
        redirectConfiguration: .disallow,
        timeout: .init(connect: .seconds(Int64(min(timeout, 5))))))
    // A client must be shut down, however it ends.
    do {
      try await run(with: try receivers(client, settings, logger), settings, logger)
    } catch {
      try? await client.shutdown()
      throw error
    }
    try await client.shutdown()
  }

  private func run(
    with receivers: Receivers, _ settings: Settings, _ logger: Logger
  ) async throws {
    let service = ForwardService(patience: timeout + 5) { stop in
      try forward(settings, receivers, stop, logger)
    }
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [
          .init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)
        ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
  }

  /// On a thread of its own.
  private func forward(
    _ settings: Settings, _ receivers: Receivers, _ stop: StopSignal, _ logger: Logger
  ) throws {
    let group = Self.group(settings, name ?? (webhook == nil ? "alertmanager" : "webhook"))
    logger.info("Forwarding alerts", metadata: ["group": "\(group)"])
    if webhook == nil {
      let machine = AlertmanagerMachine(
        resend: .seconds(Int64(resend)), afterResolving: .seconds(Int64(afterResolving)))
      try Forwarder(
        machine, settings, group: group, receivers: receivers, stop: stop, logger: logger
      ).run()
    } else {
      try Forwarder(
        WebhookMachine(attempts: attempts), settings, group: group, receivers: receivers,
        stop: stop, logger: logger
      ).run()
    }
    logger.info("Stopped")
  }

  /// The forwarders' group.
  static func group(_ settings: Settings, _ name: String) -> String {
    "\(settings.string("group")).\(name)"
  }

  private func receivers(
    _ client: HTTPClient, _ settings: Settings, _ logger: Logger
  ) throws -> Receivers {
    let key = try hmacKeyFile.map { try SecretFile.read($0, for: "--hmac-key-file") }
    let token = try tokenFile.map { try SecretFile.read($0, for: "--token-file") }
    let managers = alertmanager.map { url in
      (url.hasSuffix("/") ? String(url.dropLast()) : url) + "/api/v2/alerts"
    }
    let urls = webhook.map { [$0] } ?? managers
    if token != nil, settings.string(ConnectionSecurity.permission) != "true",
      let url = urls.first(where: { URL(string: $0)?.scheme == "http" })
    {
      throw CommandFailure(
        .configuration,
        "the token would go to \(URL(string: url)?.host() ?? "?") without TLS; "
          + "\(ConnectionSecurity.permission)=true permits it")
    }
    return Receivers(
      urls: urls, timeout: .seconds(timeout),
      signature: key.flatMap { WebhookSignature(key: Array($0.utf8)) }, token: token,
      client: client, logger: logger)
  }
}

/// A forwarder as a service that can be asked to stop.
private final class ForwardService: Service {
  private let patience: Int
  private let body: @Sendable (StopSignal) throws -> Void
  private let stop = StopSignal()

  init(patience: Int, _ body: @escaping @Sendable (StopSignal) throws -> Void) {
    self.patience = patience
    self.body = body
  }

  func run() async throws {
    let outcome = await withGracefulShutdownHandler {
      await OwnThread.run(named: "forwarder") { [body, stop] in
        Result { try body(stop) }
      }
    } onGracefulShutdown: { [patience, stop] in
      HardStop.arm(after: patience)
      stop.request()
    }
    try outcome.get()
  }
}
