import Kafka
import Logging
import Synchronization

/// What librdkafka tells outside of calls: passed on to the log, an outage once and not each time.
package final class ClientWatch: Sendable {
  private let logger: Logger
  private let isAway = Atomic<Bool>(false)
  private let hasAnswered = Atomic<Bool>(false)
  private let refusal = Mutex<KafkaError?>(nil)
  /// The latest line on a connection that failed.
  private let failure = Mutex<String?>(nil)

  package init(logger: Logger) { self.logger = logger }

  package var events: ClientEvents {
    ClientEvents(log: { self.log($0) }, error: { self.note($0) })
  }

  /// Why there is no connection that waiting could bring about, if there is none: credentials or
  /// certificates were refused before any broker had answered. Once one has, ours were good, and
  /// whatever is being changed at the brokers is waited for like an outage.
  var refused: KafkaError? {
    hasAnswered.load(ordering: .relaxed) ? nil : refusal.withLock { $0 }
  }

  /// Whether no broker can be reached at present.
  var isBrokerAway: Bool { isAway.load(ordering: .relaxed) }

  /// Called whenever a broker has answered.
  package func brokerAnswered() {
    hasAnswered.store(true, ordering: .relaxed)
    refusal.withLock { $0 = nil }
    if isAway.exchange(false, ordering: .relaxed) { logger.notice("Kafka is back.") }
  }

  func brokerAway(_ error: KafkaError) {
    if isAway.exchange(true, ordering: .relaxed) { return }
    logger.warning(
      "No Kafka broker can be reached; waiting for one.",
      metadata: .of((.error, failure.withLock { $0 } ?? error.description)))
  }

  private func note(_ error: KafkaError) {
    if error.isAuthentication {
      let isFirst = refusal.withLock { refusal in
        defer { refusal = error }
        return refusal == nil
      }
      guard isFirst, hasAnswered.load(ordering: .relaxed) else { return }
      isAway.store(true, ordering: .relaxed)
      logger.warning(
        "A Kafka broker and we refuse each other; waiting for that to change.",
        metadata: .of((.error, error.reason)))
    } else if error.isTransport {
      if error.name == "_ALL_BROKERS_DOWN" { brokerAway(error) }
    } else {
      logger.debug("Kafka client", metadata: .of((.error, error.description)))
    }
  }

  private func log(_ line: LogLine) {
    if line.facility == LogLine.connectionFailed { failure.withLock { $0 = line.sentence } }
    let level: Logger.Level = line.level <= .critical ? .error : .debug
    logger.log(
      level: level, "librdkafka: \(line.text)", metadata: .of((.facility, line.facility)))
  }
}
