/// What a client has to tell outside of any call: its log, and errors nobody waits for.
public struct ClientEvents: Sendable {
  /// Called with each log line, on any thread, librdkafka's own included: be quick and do not
  /// call the client.
  public var log: @Sendable (LogLine) -> Void
  /// Called with errors such as lost brokers, refused credentials or a fatal error, on the thread
  /// that polls (`Consumer.poll`, `Producer.serve` and calls that wait). Most mend themselves; act
  /// on `isFatal` and `isAuthentication`.
  public var error: @Sendable (KafkaError) -> Void

  /// Without arguments, log lines and errors are dropped.
  public init(
    log: @escaping @Sendable (LogLine) -> Void = { _ in },
    error: @escaping @Sendable (KafkaError) -> Void = { _ in }
  ) {
    self.log = log
    self.error = error
  }
}

/// One line of librdkafka's log.
public struct LogLine: Sendable, Hashable {
  /// How grave a line is: syslog's scale, gravest first.
  public enum Level: Int32, Sendable, Comparable, CaseIterable {
    case emergency
    case alert
    case critical
    case error
    case warning
    case notice
    case info
    case debug

    /// Orders by gravity: `.emergency` is the smallest.
    public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  public let level: Level
  /// librdkafka's word for the subject, such as "FAIL" or "MAXPOLL".
  public let facility: String
  public let text: String

  public init(level: Level, facility: String, text: String) {
    self.level = level
    self.facility = facility
    self.text = text
  }

  /// The facility of lines on a connection that failed, for which no error need come.
  public static let connectionFailed = "FAIL"

  /// The text without the thread that it comes from.
  public var sentence: String {
    guard text.hasPrefix("[thrd:"),
      let end = text.indices.first(where: { text[$0...].hasPrefix("]: ") })
    else { return text }
    return String(text[end...].dropFirst(3))
  }
}
