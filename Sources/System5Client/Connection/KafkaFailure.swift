internal import Kafka

/// What Kafka refused, or did not answer in time.
public struct KafkaFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// What a failure calls for.
  public enum Kind: Sendable, Hashable {
    /// A property that librdkafka does not accept.
    case configuration
    /// No broker answered in time. What was asked for may have been done all the same.
    case unavailable
    /// The brokers do not know us, or do not let us.
    case notAuthorised
    /// The topic or the partition does not exist: `system5 topics apply` makes them.
    case missingTopic
    /// The record is larger than the broker accepts.
    case tooLarge
    /// Anything else.
    case other
  }

  public let kind: Kind
  /// One sentence, in the words of librdkafka or the broker.
  public let reason: String

  public init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason
  }

  public var description: String { reason }
}

extension KafkaFailure {
  init(_ error: KafkaError) {
    self.init(Self.kind(of: error), "\(error.reason) (\(error.name))")
  }

  init(_ error: ConfigurationError) {
    self.init(.configuration, "librdkafka refuses the configuration: \(error.reason)")
  }

  private static func kind(of error: KafkaError) -> Kind {
    if error.isAuthentication { return .notAuthorised }
    if error.isTransport || error.isTimeout { return .unavailable }
    if error.isUnknownTopic { return .missingTopic }
    return error.isMessageTooLarge ? .tooLarge : .other
  }
}
