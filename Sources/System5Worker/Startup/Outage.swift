import Kafka
import Logging
import Synchronization

/// Tells of a broker that is away once, and once of its return; and keeps a refusal of our
/// credentials, which no waiting mends.
final class Outage: Sendable {
  private struct State {
    var isAway = false
    var refusal: WorkerExit?
  }

  private let logger: Logger
  private let state = Mutex(State())

  init(logger: Logger) { self.logger = logger }

  var refusal: WorkerExit? { state.withLock { $0.refusal } }

  var events: ClientEvents {
    ClientEvents(
      log: { [logger] line in
        let level: Logger.Level = line.level <= .error ? .debug : .trace
        logger.log(
          level: level, "\(line.text)", metadata: [LogKey.facility: "\(line.facility)"])
      },
      error: { [self] error in note(error) })
  }

  func note(_ error: KafkaError) {
    if error.isAuthentication {
      state.withLock { $0.refusal = .notAuthorised("The broker refuses us: \(error.reason)") }
    } else if error.isTransport || error.isTimeout {
      away(error.reason)
    }
  }

  func away(_ reason: String) {
    let isNew = state.withLock { state in
      defer { state.isAway = true }
      return !state.isAway
    }
    if isNew {
      logger.warning("The broker is away; waiting for it", metadata: [LogKey.cause: "\(reason)"])
    }
  }

  func back() {
    let wasAway = state.withLock { state in
      defer { state.isAway = false }
      return state.isAway
    }
    if wasAway { logger.notice("The broker is back") }
  }
}
