import Kafka
import Synchronization

/// What clients say outside of calls: kept, to explain a call that then runs out of time.
final class ClientTroubles: Sendable {
  private let refusal = Mutex<KafkaError?>(nil)
  private let latest = Mutex<KafkaError?>(nil)
  /// The latest line on a connection that failed.
  private let failure = Mutex<String?>(nil)

  var events: ClientEvents {
    ClientEvents(
      log: { line in
        // Comes only where `kafka.debug` asks for it; troubles come as errors.
        if line.level == .debug { Terminal.say("\(line.facility): \(line.text)") }
        if line.facility == LogLine.connectionFailed {
          self.failure.withLock { $0 = line.sentence }
        }
      },
      error: { error in
        self.latest.withLock { $0 = error }
        if error.isAuthentication { self.refusal.withLock { $0 = $0 ?? error } }
      })
  }

  /// The refusal of our credentials, if there was one.
  var refused: KafkaError? { refusal.withLock { $0 } }

  /// Does what asks the brokers; a time that runs out is explained by what was heard meanwhile.
  func explaining<Result>(
    _ doing: String, _ body: () throws(KafkaError) -> Result
  ) throws(CommandFailure) -> Result {
    do {
      return try body()
    } catch {
      throw explain(error, doing)
    }
  }

  func explain(_ error: KafkaError, _ doing: String) -> CommandFailure {
    guard error.isTimeout || error.isTransport else { return CommandFailure(error, while: doing) }
    if let refused { return CommandFailure(refused, while: doing) }
    let heard = latest.withLock { $0 } ?? error
    let reason = failure.withLock { $0 } ?? heard.reason
    return CommandFailure(.unavailable, "\(doing): \(reason) (\(heard.name))")
  }
}

extension Admin {
  /// How long a question to the brokers may take.
  static let patienceMilliseconds = 10_000

  /// The number of partitions of each topic; all of them must exist.
  func partitionCounts(
    of names: [String], troubles: ClientTroubles
  ) throws(CommandFailure) -> [String: Int32] {
    var counts: [String: Int32] = [:]
    let found = try troubles.explaining("asking for topics") { () throws(KafkaError) in
      try topics(names, timeoutMilliseconds: Self.patienceMilliseconds)
    }
    for topic in found {
      if let error = topic.error {
        guard error.isUnknownTopic else { throw CommandFailure(error, while: topic.name) }
        throw CommandFailure(
          .configuration, "there is no topic \(topic.name): run `system5 topics apply`")
      }
      counts[topic.name] = Int32(clamping: topic.partitionCount)
    }
    return counts
  }
}
