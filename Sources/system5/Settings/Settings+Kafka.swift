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
    for (property, entry) in try kafkaEntries() {
      let value = KafkaProperty.isFile(entry.key) ? try Self.secret(in: entry) : entry.value
      configuration[property] = value
    }
    return configuration
  }

  /// A secret may be set directly or by its file: the stronger source wins.
  private func kafkaEntries() throws(CommandFailure) -> [(property: String, entry: Entry)] {
    var strongest: [String: Entry] = [:]
    for entry in entries where entry.key.hasPrefix(KafkaProperty.prefix) {
      let property = KafkaProperty.property(of: entry.key)
      guard let other = strongest[property] else {
        strongest[property] = entry
        continue
      }
      if other.source == entry.source {
        throw CommandFailure(
          .configuration, "\(other.key) and \(entry.key) are both set (\(entry.source.rawValue))")
      }
      if entry.source < other.source { strongest[property] = entry }
    }
    return strongest.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
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
