internal import Kafka
internal import Logging
import Synchronization

/// What librdkafka tells outside of calls: passed on to the log, and kept where it explains why a
/// call has run out of time.
final class ClientWatch: Sendable {
  private let logger: Logger
  private let refusal = Mutex<KafkaError?>(nil)
  private let isAway = Atomic<Bool>(false)

  init(logger: Logger) { self.logger = logger }

  var events: ClientEvents {
    ClientEvents(log: { self.log($0) }, error: { self.note($0) })
  }

  /// The refusal of our credentials, if there was one since a broker last answered.
  var refused: KafkaFailure? { refusal.withLock { $0 }.map { KafkaFailure($0) } }

  /// Called whenever a broker has answered.
  func brokerAnswered() {
    refusal.withLock { $0 = nil }
    if isAway.exchange(false, ordering: .relaxed) { logger.notice("Kafka is back.") }
  }

  /// The failure that an error stands for: without an answer, a refusal heard meanwhile is why.
  func explain(_ error: KafkaError) -> KafkaFailure {
    let failure = KafkaFailure(error)
    return failure.kind == .unavailable ? refused ?? failure : failure
  }

  private func note(_ error: KafkaError) {
    if error.isAuthentication {
      refusal.withLock { $0 = error }
      logger.warning("The brokers refuse us.", metadata: ["error": "\(error)"])
    } else if error.name == "_ALL_BROKERS_DOWN" {
      if isAway.exchange(true, ordering: .relaxed) { return }
      logger.warning("No Kafka broker can be reached.", metadata: ["error": "\(error)"])
    } else {
      logger.debug("Kafka client", metadata: ["error": "\(error)"])
    }
  }

  private func log(_ line: LogLine) {
    logger.log(
      level: line.level <= .critical ? .error : .debug, "librdkafka: \(line.text)",
      metadata: ["facility": "\(line.facility)"])
  }
}
