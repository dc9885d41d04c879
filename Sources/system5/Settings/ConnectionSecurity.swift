import Foundation
import Kafka

/// Whether the settings of the connection fit together and keep its secrets: asked before any client
/// is made, as librdkafka passes over some mistakes and waits for ever with others.
struct ConnectionSecurity {
  /// The setting that permits what is otherwise refused.
  static let permission = "allow.plaintext.password"

  private let properties: ClientConfiguration
  private let allowsPlaintext: Bool

  init(_ properties: ClientConfiguration, allowsPlaintext: Bool) {
    self.properties = properties
    self.allowsPlaintext = allowsPlaintext
  }

  private var securityProtocol: String { value("security.protocol") ?? "plaintext" }
  private var usesTLS: Bool { securityProtocol == "ssl" || securityProtocol == "sasl_ssl" }
  private var usesSASL: Bool { securityProtocol.hasPrefix("sasl_") }
  private var mechanism: String? {
    (properties["sasl.mechanism"] ?? properties["sasl.mechanisms"])?.uppercased()
  }
  private var usesOIDC: Bool { value("sasl.oauthbearer.method") == "oidc" }

  /// Throws one sentence with exit code 78.
  func check() throws(CommandFailure) {
    try checkProtocol()
    try checkFiles()
    try checkClientCertificate()
    if usesSASL { try checkMechanism() }
    try checkPlaintext()
  }

  /// What is permitted and should not go unnoticed; a sentence each.
  var warnings: [String] {
    var warnings: [String] = []
    if allowsPlaintext, !leaks.isEmpty {
      warnings += leaks.map { "\($0), as \(Self.permission) permits" }
    }
    if usesTLS, value("enable.ssl.certificate.verification") == "false" {
      warnings.append(
        "the brokers' certificates are not verified (kafka.enable.ssl.certificate.verification)")
    } else if usesTLS, value("ssl.endpoint.identification.algorithm") == "none" {
      warnings.append(
        "any host's certificate is good (kafka.ssl.endpoint.identification.algorithm)")
    }
    return warnings
  }
}

extension ConnectionSecurity {
  /// What is set for TLS or SASL must not be left unused in silence.
  private func checkProtocol() throws(CommandFailure) {
    let names = properties.names
    if !usesTLS, let name = names.first(where: { $0.hasPrefix("ssl.") }) {
      throw Self.failure(
        "kafka.\(name) is set, but the connection is without TLS: set kafka.security.protocol to "
          + (usesSASL ? "sasl_ssl" : "ssl"))
    }
    if !usesSASL, let name = names.first(where: { $0.hasPrefix("sasl.") }) {
      throw Self.failure(
        "kafka.\(name) is set, but the connection is without SASL: set kafka.security.protocol to "
          + "sasl_ssl")
    }
  }

  private func checkFiles() throws(CommandFailure) {
    for name in [
      "ssl.ca.location", "ssl.certificate.location", "ssl.key.location", "ssl.keystore.location",
      "ssl.crl.location", "https.ca.location",
    ] {
      guard let path = properties[name], path != "probe" else { continue }
      guard FileManager.default.isReadableFile(atPath: path) else {
        throw Self.failure("kafka.\(name): cannot read \(path)")
      }
    }
  }

  private func checkClientCertificate() throws(CommandFailure) {
    let hasCertificate = isSet("ssl.certificate.location", "ssl.certificate.pem")
    let hasKey = isSet("ssl.key.location", "ssl.key.pem")
    if hasCertificate, !hasKey {
      throw Self.failure("a client certificate is set without its key: set kafka.ssl.key.location")
    }
    if hasKey, !hasCertificate {
      throw Self.failure(
        "the key of a client certificate is set without it: set kafka.ssl.certificate.location")
    }
  }

  private func checkMechanism() throws(CommandFailure) {
    switch mechanism {
    case nil:
      throw Self.failure(
        "kafka.security.protocol is \(securityProtocol): set kafka.sasl.mechanism to PLAIN, "
          + "SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER")
    case "PLAIN"?, "SCRAM-SHA-256"?, "SCRAM-SHA-512"?:
      try require("sasl.username", or: "kafka.sasl.username")
      try require("sasl.password", or: "kafka.sasl.password.file")
    case "OAUTHBEARER"?: try checkOAuth()
    default: break
    }
  }

  private func checkOAuth() throws(CommandFailure) {
    if value("enable.sasl.oauthbearer.unsecure.jwt") == "true" { return }
    guard usesOIDC else {
      throw Self.failure(
        "OAUTHBEARER needs kafka.sasl.oauthbearer.method=oidc: no other way to a token is offered")
    }
    try require(
      "sasl.oauthbearer.token.endpoint.url", or: "kafka.sasl.oauthbearer.token.endpoint.url")
    if value("sasl.oauthbearer.grant.type")?.hasSuffix("jwt-bearer") ?? false { return }
    try require("sasl.oauthbearer.client.id", or: "kafka.sasl.oauthbearer.client.id")
    try require(
      "sasl.oauthbearer.client.secret", or: "kafka.sasl.oauthbearer.client.secret.file")
  }

  private func checkPlaintext() throws(CommandFailure) {
    guard !allowsPlaintext, let leak = leaks.first else { return }
    throw Self.failure("\(leak); \(Self.permission)=true permits it")
  }

  /// What everybody on the way could read.
  private var leaks: [String] {
    var leaks: [String] = []
    if securityProtocol == "sasl_plaintext", mechanism != "GSSAPI" {
      leaks.append("credentials for Kafka go over the network without TLS (sasl_plaintext)")
    }
    if usesSASL, usesOIDC,
      value("sasl.oauthbearer.token.endpoint.url")?.hasPrefix("http://") ?? false
    {
      leaks.append("the client's secret goes to the token endpoint without TLS (http://)")
    }
    return leaks
  }

  private func require(_ property: String, or setting: String) throws(CommandFailure) {
    guard properties[property]?.isEmpty ?? true else { return }
    throw Self.failure("\(mechanism ?? "SASL") needs \(setting)")
  }

  private func isSet(_ names: String...) -> Bool { names.contains { properties[$0] != nil } }

  private func value(_ name: String) -> String? { properties[name]?.lowercased() }

  private static func failure(_ sentence: String) -> CommandFailure {
    CommandFailure(.configuration, sentence)
  }
}
