import Foundation
import Kafka
import System5Admin
import System5Worker
import Testing

@testable import system5

@Suite struct SettingsTests {
  @Test func strongerSourcesWinAndAreNamed() throws {
    let settings = try Settings(layers: [
      .flag: ["group": "from-flag"],
      .environment: ["group": "from-environment", "prefix": "env."],
      .file: ["prefix": "file.", "pipelines": "2"],
      .standard: SettingsSources.defaults,
    ])
    func entry(_ key: String) -> [String] {
      settings.entries.filter { $0.key == key }.flatMap { [$0.value, $0.source.rawValue] }
    }
    #expect(entry("group") == ["from-flag", "flag"])
    #expect(entry("prefix") == ["env.", "environment"])
    #expect(entry("pipelines") == ["2", "file"])
    #expect(entry("delivery") == ["exactly-once", "default"])
    #expect(settings["instance"] == nil)
  }

  @Test(arguments: [
    ["grupp": "x"], ["pipelines": "0"], ["pipelines": "many"], ["delivery": "twice"],
    ["brokers": ""], ["kafka.group.id": "x"], ["kafka.nonsense": "x"], ["prefix": "a b"],
    ["http.bind": "8085"], ["http.bind": "host:99999"], ["http.bind": "::1:80"],
    ["http.advertise": "host"], ["http.advertise": "host:0"], ["http.hosts": "a/b"],
    ["http.open": "livez,all"],
  ])
  func aBadSettingIsAnErrorOfConfiguration(flags: [String: String]) {
    let failure = #expect(throws: CommandFailure.self) { try Settings(layers: [.flag: flags]) }
    #expect(failure?.code == .configuration)
  }

  @Test func variablesAreKeysInCapitals() {
    let values = SettingsSources.environment([
      "SYSTEM5_SESSION_TIMEOUT_MS": "6000", "SYSTEM5_KAFKA_SASL_PASSWORD": "s",
      "SYSTEM5_TEST_BROKERS": "x", "SYSTEM5_BIN": "x", "SYSTEM5_CONFIG": "x", "PATH": "x",
    ])
    #expect(values == ["session.timeout.ms": "6000", "kafka.sasl.password": "s"])
  }

  @Test func aFileMayNestOrDot() throws {
    let path = try temporaryFile(
      #"{"brokers":"b:1","commit":{"interval.ms":50},"kafka":{"enable":{"x":true}}}"#)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let values = try SettingsSources.file(path)
    #expect(
      values == ["brokers": "b:1", "commit.interval.ms": "50", "kafka.enable.x": "true"])
  }

  @Test func aSecretComesFromItsFileAndIsMarked() throws {
    let path = try temporaryFile("geheim\n")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let settings = try Settings(layers: [
      .flag: [
        "kafka.security.protocol": "sasl_ssl", "kafka.sasl.mechanism": "SCRAM-SHA-512",
        "kafka.sasl.username": "name", "kafka.sasl.password.file": path,
        "kafka.ssl.key.password": "direct",
      ]
    ])
    let properties = try settings.kafkaProperties()
    #expect(properties["sasl.password"] == "geheim")
    #expect(properties["ssl.key.password"] == "direct")
    #expect(
      settings.entries.filter(\.isSecret).map(\.key).sorted()
        == ["kafka.sasl.username", "kafka.ssl.key.password"])
  }

  @Test func theServerIsWhereItIsToldToBe() throws {
    func server(_ flags: [String: String]) throws -> AdminConfiguration? {
      let settings = try Settings(layers: [.flag: flags, .standard: SettingsSources.defaults])
      return try settings.adminConfiguration(settings.workerConfiguration())
    }
    let standard = try #require(try server([:]))
    #expect(standard.host == "127.0.0.1" && standard.port == 8085)
    #expect(standard.open == ["/livez", "/readyz", "/metrics"])
    #expect(standard.livenessPatience == .seconds(105))
    #expect(try server(["http.bind": "off"]) == nil)
    let other = try #require(
      try server([
        "http.bind": "[::1]:0", "http.advertise": "w-1:80", "http.hosts": "a,b",
        "http.open": "none",
      ]))
    #expect(other.host == "::1" && other.port == 0 && other.advertised == "w-1:80")
    #expect(other.hosts == ["a", "b"] && other.open.isEmpty)
  }

  @Test(arguments: [("", false), ("\n", false), ("a b\n", false), ("ä", false), ("secret\n", true)])
  func aTokenIsOneLineOfVisibleCharacters(text: String, isGood: Bool) throws {
    let path = try temporaryFile(text)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let settings = try Settings(layers: [
      .flag: ["http.token.file": path], .standard: SettingsSources.defaults,
    ])
    var failure: CommandFailure?
    do throws(CommandFailure) {
      let server = try settings.adminConfiguration(try settings.workerConfiguration())
      #expect(server?.token != nil)
    } catch {
      failure = error
    }
    #expect((failure == nil) == isGood)
    if let failure { #expect(failure.code == .configuration) }
  }

  private func temporaryFile(_ text: String) throws -> String {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "system5-\(UUID().uuidString)").path
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }
}
