import Kafka
import OwnThreads
import Testing

@Suite(.ownThread) struct ConfigurationTests {
  @Test(arguments: [
    ("no.such.property", "hunter2"), ("security.protocol", "hunter2"),
    ("session.timeout.ms", "99999999"), ("enable.idempotence", "hunter2"),
    ("debug", "consumer,hunter2"), ("message.max.bytes", "hunter2"),
    ("enable.ssl.certificate.verification", "a hunter2 b"), ("compression.codec", "hunter2"),
  ])
  func namesThePropertyAndNotTheValue(property: String, value: String) throws {
    let configuration: ClientConfiguration = ["client.id": "test", property: value]
    let error = try #require(throws: ConfigurationError.self) {
      try Producer(configuration: configuration)
    }
    #expect(error.property == property)
    #expect(error.reason.contains(property))
    for secret in ["hunter2", value] { #expect(!error.description.contains(secret)) }
  }

  @Test func tellsOfACombinationThatCannotBe() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try Producer(configuration: [
        "bootstrap.servers": "localhost:1", "transactional.id": "id", "acks": "1",
        "sasl.password": "hunter2",
      ])
    }
    #expect(error.property == nil)
    #expect(error.reason.contains("acks"))
  }

  @Test func needsAGroupForAConsumer() throws {
    let error = try #require(throws: ConfigurationError.self) { try Consumer(configuration: [:]) }
    #expect(error.property == "group.id")
  }

  @Test func showsNamesOnly() {
    var configuration: ClientConfiguration = ["b": "1", "sasl.password": "hunter2", "a": "2"]
    configuration["b"] = "3"
    configuration["a"] = nil
    #expect(configuration.names == ["b", "sasl.password"])
    #expect(configuration["b"] == "3")
    var dumped = ""
    dump(configuration, to: &dumped)
    for text in ["\(configuration)", String(reflecting: configuration), dumped] {
      #expect(!text.contains("hunter2"))
      #expect(text.contains("sasl.password"))
    }
  }

  @Test func knowsItsLibrary() {
    #expect(Librdkafka.versionNumber >= 0x0200_02ff)
    #expect(Librdkafka.version.hasPrefix("2."))
    #expect(Librdkafka.knows(property: "bootstrap.servers"))
    #expect(Librdkafka.knows(property: "compression.type"))
    #expect(!Librdkafka.knows(property: "no.such.property"))
  }
}
