internal import Kafka

/// Where System5's topics are, and how to reach them.
public struct Connection: Sendable {
  /// Brokers to begin with: `host:port`, several separated by commas.
  public var brokers: String
  /// What every topic's name begins with.
  public var prefix = "system5."
  /// The name that brokers see in their logs and quotas.
  public var clientID = "system5-client"
  /// Further properties of librdkafka, by the names of its CONFIGURATION.md: TLS, SASL and the
  /// like. What this library rests on (offsets, acknowledgements, isolation, the partitioner) wins
  /// over them.
  public var properties: [String: String] = [:]

  public init(brokers: String) { self.brokers = brokers }
}

extension Connection {
  /// What every client has.
  var configuration: ClientConfiguration {
    var result: ClientConfiguration = ["client.id": clientID]
    for (name, value) in properties.sorted(by: { $0.key < $1.key }) { result[name] = value }
    result["bootstrap.servers"] = brokers
    return result
  }
}
