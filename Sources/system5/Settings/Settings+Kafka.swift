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

  /// The properties under `kafka.`, secrets read from the files that hold them, if the connection
  /// that they make keeps its secrets.
  func kafkaProperties() throws(CommandFailure) -> ClientConfiguration {
    let properties = try readProperties()
    let security = ConnectionSecurity(
      properties, allowsPlaintext: string(ConnectionSecurity.permission) == "true")
    try security.check()
    return properties
  }

  /// What a person should know of the connection each time that it is made; a sentence each.
  func connectionWarnings() throws(CommandFailure) -> [String] {
    var properties = ClientConfiguration()
    for (property, entry) in try kafkaEntries() { properties[property] = entry.value }
    return ConnectionSecurity(
      properties, allowsPlaintext: string(ConnectionSecurity.permission) == "true"
    ).warnings
  }

  private func readProperties() throws(CommandFailure) -> ClientConfiguration {
    var configuration = ClientConfiguration()
    for (property, entry) in try kafkaEntries() {
      let isFile = KafkaProperty.isFile(entry.key)
      configuration[property] =
        isFile ? try SecretFile.read(entry.value, for: entry.key) : entry.value
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
}
