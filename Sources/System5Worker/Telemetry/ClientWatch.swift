import Kafka
import Logging
import Synchronization

/// What librdkafka tells outside of calls: passed on to the log, an outage once and not each time.
final class ClientWatch: Sendable {
  private let logger: Logger
  private let isAway = Atomic<Bool>(false)
  private let refusal = Mutex<KafkaError?>(nil)

  init(logger: Logger) { self.logger = logger }

  var events: ClientEvents {
    ClientEvents(log: { self.log($0) }, error: { self.note($0) })
  }

  /// The brokers' refusal of our credentials, if there was one.
  var refused: KafkaError? { refusal.withLock { $0 } }

  /// Whether no broker can be reached at present.
  var isBrokerAway: Bool { isAway.load(ordering: .relaxed) }

  /// Called whenever a broker has answered.
  func brokerAnswered() {
    refusal.withLock { $0 = nil }
    if isAway.exchange(false, ordering: .relaxed) { logger.notice("Kafka is back.") }
  }

  func brokerAway(_ error: KafkaError) {
    if isAway.exchange(true, ordering: .relaxed) { return }
    logger.warning(
      "No Kafka broker can be reached; waiting for one.",
      metadata: .of((.error, error.description)))
  }

  private func note(_ error: KafkaError) {
    if error.isAuthentication {
      refusal.withLock { $0 = error }
    } else if error.isTransport {
      if error.name == "_ALL_BROKERS_DOWN" { brokerAway(error) }
    } else {
      logger.debug("Kafka client", metadata: .of((.error, error.description)))
    }
  }

  private func log(_ line: LogLine) {
    let level: Logger.Level = line.level <= .critical ? .error : .debug
    logger.log(
      level: level, "librdkafka: \(line.text)", metadata: .of((.facility, line.facility)))
  }
}
