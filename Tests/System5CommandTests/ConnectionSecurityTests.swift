import Foundation
import Kafka
import Testing

@testable import system5

@Suite struct ConnectionSecurityTests {
  private func refusal(
    _ properties: [String: String], allowsPlaintext: Bool = false
  ) -> CommandFailure? {
    var configuration = ClientConfiguration()
    for (name, value) in properties { configuration[name] = value }
    do {
      try ConnectionSecurity(configuration, allowsPlaintext: allowsPlaintext).check()
      return nil
    } catch {
      return error
    }
  }

  private static let sasl = [
    "security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN", "sasl.username": "name",
    "sasl.password": "geheim",
  ]
  private static let oidc = [
    "security.protocol": "sasl_ssl", "sasl.mechanisms": "OAUTHBEARER",
    "sasl.oauthbearer.method": "OIDC", "sasl.oauthbearer.client.id": "name",
    "sasl.oauthbearer.client.secret": "geheim",
    "sasl.oauthbearer.token.endpoint.url": "https://tokens.example/",
  ]

  @Test(arguments: [
    [:], ["security.protocol": "ssl"], sasl, oidc,
    sasl.merging(["sasl.mechanism": "SCRAM-SHA-256"]) { $1 },
    sasl.merging(["sasl.mechanism": "SCRAM-SHA-512"]) { $1 },
    ["security.protocol": "sasl_plaintext", "sasl.mechanism": "GSSAPI"],
  ])
  func whatFitsIsTaken(properties: [String: String]) {
    #expect(refusal(properties) == nil)
  }

  @Test(arguments: [
    (["ssl.ca.location": "/dev/null"], "kafka.security.protocol to ssl"),
    (["sasl.username": "name"], "without SASL"),
    (["security.protocol": "ssl", "ssl.ca.location": "/no/such"], "cannot read /no/such"),
    (["security.protocol": "ssl", "ssl.key.location": "/dev/null"], "ssl.certificate.location"),
    (["security.protocol": "ssl", "ssl.certificate.location": "/dev/null"], "ssl.key.location"),
    (["security.protocol": "sasl_ssl"], "set kafka.sasl.mechanism"),
    (sasl.merging(["sasl.username": ""]) { $1 }, "PLAIN needs kafka.sasl.username"),
    (
      sasl.filter { $0.key != "sasl.password" }, "PLAIN needs kafka.sasl.password.file"
    ),
    (oidc.merging(["sasl.oauthbearer.method": "default"]) { $1 }, "method=oidc"),
    (
      oidc.filter { $0.key != "sasl.oauthbearer.client.secret" },
      "OAUTHBEARER needs kafka.sasl.oauthbearer.client.secret.file"
    ),
  ])
  func whatDoesNotFitIsSaid(properties: [String: String], sentence: String) throws {
    let failure = try #require(refusal(properties))
    #expect(failure.code == .configuration)
    #expect(failure.message.contains(sentence), "\(failure.message)")
    #expect(!failure.message.contains("geheim"))
  }

  @Test(arguments: [
    sasl.merging(["security.protocol": "sasl_plaintext"]) { $1 },
    oidc.merging(["sasl.oauthbearer.token.endpoint.url": "http://tokens.example/"]) { $1 },
    oidc.merging(["security.protocol": "sasl_plaintext"]) { $1 },
  ])
  func aSecretWithoutTLSNeedsItsOwnPermission(properties: [String: String]) throws {
    let failure = try #require(refusal(properties))
    #expect(failure.message.contains("allow.plaintext.password=true permits it"))
    #expect(refusal(properties, allowsPlaintext: true) == nil)
    var configuration = ClientConfiguration()
    for (name, value) in properties { configuration[name] = value }
    let permitted = ConnectionSecurity(configuration, allowsPlaintext: true)
    #expect(permitted.warnings.count == 1)
  }

  @Test func whatSwitchesVerificationOffIsWarnedAbout() {
    func warnings(_ properties: ClientConfiguration) -> [String] {
      ConnectionSecurity(properties, allowsPlaintext: false).warnings
    }
    let unverified: ClientConfiguration = [
      "security.protocol": "ssl", "enable.ssl.certificate.verification": "false",
    ]
    #expect(warnings(unverified).count == 1)
    let anyHost: ClientConfiguration = [
      "security.protocol": "ssl", "ssl.endpoint.identification.algorithm": "none",
    ]
    #expect(warnings(anyHost).count == 1)
    #expect(warnings(["security.protocol": "ssl"]).isEmpty)
  }

  @Test(arguments: [
    ("geheim\n", "geheim"), ("geheim\r\n", "geheim"), ("ge heim ", "ge heim "), ("\n", nil),
    ("", nil),
  ])
  func aSecretIsItsFileWithoutTheLineEnd(text: String, secret: String?) throws {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "system5-\(UUID().uuidString)")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let settings = try Settings(layers: [
      .flag: Self.sasl.filter { $0.key != "sasl.password" }.reduce(into: [:]) {
        $0["kafka.\($1.key)"] = $1.value
      }.merging(["kafka.sasl.password.file": file.path]) { $1 }
    ])
    if let secret {
      #expect(try settings.kafkaProperties()["sasl.password"] == secret)
    } else {
      let failure = #expect(throws: CommandFailure.self) { try settings.kafkaProperties() }
      #expect(failure?.code == .configuration)
    }
  }

  @Test(arguments: [
    "sasl.password", "ssl.key.password", "ssl.key.pem", "sasl.oauthbearer.client.secret",
    "sasl.oauthbearer.assertion.private.key.passphrase", "sasl.username",
  ])
  func whatIsSecretIsHidden(property: String) {
    #expect(KafkaProperty.isSecret("kafka.\(property)"))
    #expect(!KafkaProperty.isSecret("kafka.\(property).file"))
    #expect(KafkaProperty.isFile("kafka.\(property).file"))
  }
}
