import Foundation
import Kafka

extension Settings {
  /// What every client of Kafka's starts from: the brokers and all under `kafka.`.
  func clientConfiguration() throws(CommandFailure) -> ClientConfiguration {
    var configuration: ClientConfiguration = [
      "bootstrap.servers": string("brokers"), "client.id": "system5",
    ]
    configuration.merge(try kafkaProperties())
    return configuration
  }

  /// The properties under `kafka.`, secrets read from the files that hold them.
  func kafkaProperties() throws(CommandFailure) -> ClientConfiguration {
    var configuration = ClientConfiguration()
    for entry in entries where entry.key.hasPrefix(KafkaProperty.prefix) {
      let value = KafkaProperty.isFile(entry.key) ? try Self.secret(in: entry) : entry.value
      configuration[KafkaProperty.property(of: entry.key)] = value
    }
    return configuration
  }

  /// The file's content without the line end that editors add.
  private static func secret(in entry: Entry) throws(CommandFailure) -> String {
    guard let data = FileManager.default.contents(atPath: entry.value),
      let text = String(data: data, encoding: .utf8)
    else {
      throw CommandFailure(.configuration, "\(entry.key): cannot read \(entry.value)")
    }
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }
}
