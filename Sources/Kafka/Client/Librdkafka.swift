internal import CRdkafka

/// The librdkafka this process runs on, which may be newer than the one it was built against.
public enum Librdkafka {
  /// The version as librdkafka words it, such as "2.0.2".
  public static var version: String { String(cString: rd_kafka_version_str()) }

  /// The version as a number that can be compared: `0xMMmmrrff`, so 2.1.1 is `0x020101ff`.
  public static var versionNumber: Int32 { rd_kafka_version() }
}
