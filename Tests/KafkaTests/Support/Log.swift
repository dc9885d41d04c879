import Kafka
import Synchronization

/// Takes down what a client tells.
final class Log: Sendable {
  let lines = Mutex<[LogLine]>([])
  let errors = Mutex<[KafkaError]>([])

  var events: ClientEvents {
    ClientEvents(
      log: { line in self.lines.withLock { $0.append(line) } },
      error: { error in self.errors.withLock { $0.append(error) } })
  }
}
