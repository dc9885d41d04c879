internal import CRdkafka

/// The librdkafka this process runs on, which may be newer than the one it was built against.
public enum Librdkafka {
  /// The version as librdkafka words it, such as "2.0.2".
  public static var version: String { String(cString: rd_kafka_version_str()) }

  /// The version as a number that can be compared: `0xMMmmrrff`, so 2.1.1 is `0x020101ff`.
  public static var versionNumber: Int32 { rd_kafka_version() }

  /// Whether this librdkafka has a property of that name: some that help came later than 2.0.2,
  /// such as `fetch.queue.backoff.ms`, and setting one that is not there is an error.
  public static func knows(property name: String) -> Bool {
    let configuration = rd_kafka_conf_new()
    defer { rd_kafka_conf_destroy(configuration) }
    // No value means the default.
    return rd_kafka_conf_set(configuration, name, nil, nil, 0) != RD_KAFKA_CONF_UNKNOWN
  }

  /// Whether the value of a property of that name, or the name of a file that holds it, is to be
  /// kept out of everything that is printed.
  public static func isSecret(property name: String) -> Bool { Redaction.isSecret(name) }
}
