import System5Worker

/// One setting: its key, its default and what its values may be.
struct Setting: Sendable {
  let key: String
  let standard: String?
  /// Says what a value should have been; nil where the value is good.
  let complaint: @Sendable (String) -> String?

  init(
    _ key: String, default standard: String? = nil,
    complaint: @escaping @Sendable (String) -> String? = { _ in nil }
  ) {
    self.key = key
    self.standard = standard
    self.complaint = complaint
  }

  /// Every setting with a fixed name. Beside them there is any property of librdkafka, under
  /// `kafka.`.
  static let all: [Setting] = [
    Setting("brokers", default: "127.0.0.1:9092", complaint: nonempty),
    Setting("group", default: "system5", complaint: nonempty),
    Setting("prefix", default: "system5.", complaint: topicPrefix),
    Setting("instance"),
    Setting("membership", default: "static", complaint: oneOf("static", "dynamic")),
    Setting("pipelines", default: "1", complaint: integer(1...256)),
    Setting(
      "delivery", default: "exactly-once", complaint: oneOf("exactly-once", "at-least-once")),
    Setting("commit.interval.ms", default: "100", complaint: integer(0...60_000)),
    Setting("session.timeout.ms", default: "45000", complaint: integer(1_000...3_600_000)),
    Setting("max.poll.interval.ms", default: "300000", complaint: integer(1_000...86_400_000)),
    Setting("transaction.timeout.ms", default: "10000", complaint: integer(1_000...900_000)),
    Setting("checkpoint.records", default: "500000", complaint: integer(1...1_000_000_000)),
    Setting("checkpoint.interval.ms", default: "300000", complaint: integer(100...86_400_000)),
    Setting("batch.records", default: "5000", complaint: integer(1...1_000_000)),
    Setting("fetch.ahead.kilobytes", default: "65536", complaint: integer(1_024...2_097_151)),
    Setting("from.beginning", default: "false", complaint: oneOf("true", "false")),
    Setting(
      ConnectionSecurity.permission, default: "false", complaint: oneOf("true", "false")),
    Setting("rules.file"),
    Setting("http.bind", default: "127.0.0.1:8085", complaint: bindAddress),
    Setting("http.advertise", complaint: advertisedAddress),
    Setting("http.hosts", complaint: hostNames),
    Setting("http.token.file"),
    Setting("http.open", default: "livez,readyz,metrics", complaint: openPaths),
    Setting(
      "log.level", default: "info",
      complaint: oneOf("trace", "debug", "info", "notice", "warning", "error", "critical")),
  ]

  static func named(_ key: String) -> Setting? { all.first { $0.key == key } }

  private static func integer(_ range: ClosedRange<Int>) -> @Sendable (String) -> String? {
    { value in
      if let number = Int(value), range.contains(number) { return nil }
      return "a whole number from \(range.lowerBound) to \(range.upperBound)"
    }
  }

  private static func oneOf(_ values: String...) -> @Sendable (String) -> String? {
    { values.contains($0) ? nil : "one of \(values.joined(separator: ", "))" }
  }

  @Sendable private static func bindAddress(_ value: String) -> String? {
    value == "off" || HTTPAddress(value) != nil ? nil : "host:port (port 0: any free one), or off"
  }

  @Sendable private static func advertisedAddress(_ value: String) -> String? {
    value.isEmpty || MemberName.isAddress(value) ? nil : "host:port"
  }

  @Sendable private static func hostNames(_ value: String) -> String? {
    let allowed = value.utf8.allSatisfy { $0 > UInt8(ascii: " ") && $0 < 0x7F }
    return allowed && !value.contains("/") ? nil : "host names without ports, comma-separated"
  }

  @Sendable private static func openPaths(_ value: String) -> String? {
    let known: Set<Substring> = ["livez", "readyz", "metrics"]
    return value == "none" || value.split(separator: ",").allSatisfy(known.contains)
      ? nil : "of livez, readyz and metrics those that need no token, comma-separated, or none"
  }

  @Sendable private static func nonempty(_ value: String) -> String? {
    value.isEmpty ? "not empty" : nil
  }

  @Sendable private static func topicPrefix(_ value: String) -> String? {
    let allowed = value.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return allowed && value.utf8.count <= 200 ? nil : "letters, digits, '.', '_' and '-'"
  }
}
