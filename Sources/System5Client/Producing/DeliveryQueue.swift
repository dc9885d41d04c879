internal import DequeModule
internal import Dispatch
internal import Kafka
import Synchronization

/// What callers have asked for, on its way to the thread that makes librdkafka's calls.
final class DeliveryQueue: Sendable {
  struct Waiting {
    var calls: Deque<DeliveryCall> = []
    /// When the thread is to end, whether or not everything is acknowledged; nil: not yet.
    var end: ContinuousClock.Instant?
  }

  private let waiting = Mutex(Waiting())
  /// Signalled once for each change that a thread without work has to hear of.
  private let work = DispatchSemaphore(value: 0)
  private let ended = ThreadEnd()

  init(_ configuration: ClientConfiguration, watch: ClientWatch) throws(ConfigurationError) {
    // Made here, so that the caller hears what is wrong with it; used on the thread alone.
    let first = Mutex<Producer?>(try Producer.make(configuration, watch))
    OwnThread.start(named: "system5-producer") {
      let taken = first.withLock { (producer: inout Producer?) -> sending Producer? in
        let taken = producer
        producer = nil
        return taken
      }
      guard let taken else { return }
      DeliveryLoop(self, taken, watch) { () throws(ConfigurationError) in
        try Producer.make(configuration, watch)
      }.run()
      self.ended.signal()
    }
  }

  /// - Throws: ``KafkaFailure``, ``ProducerShutDown`` or `CancellationError`.
  func deliver(_ record: EventRecord, to topic: String) async throws -> Delivery {
    let call = DeliveryCall(record, topic: topic)
    try waiting.withLock { waiting in
      if waiting.end != nil { throw ProducerShutDown() }
      waiting.calls.append(call)
    }
    work.signal()
    return try await call.wait()
  }

  /// Asks the thread to end when everything is acknowledged, or the time is over.
  func end(within limit: Duration) {
    let end = ContinuousClock.now + limit
    waiting.withLock { $0.end = min($0.end ?? end, end) }
    work.signal()
  }

  func shutdown(within limit: Duration) async {
    end(within: limit)
    await ended.wait()
  }
}

/// The thread's side.
extension DeliveryQueue {
  /// The calls that have come, and when to end; empties the queue.
  func take() -> Waiting {
    waiting.withLock { waiting in
      defer { waiting.calls.removeAll() }
      return waiting
    }
  }

  /// Waits until there is something to take.
  func waitForWork() { work.wait() }
}

extension Producer {
  /// A full queue is told at once: the loop waits by itself.
  fileprivate static func make(
    _ configuration: ClientConfiguration, _ watch: ClientWatch
  ) throws(ConfigurationError) -> sending Producer {
    try Producer(
      configuration: configuration, events: watch.events, queueTimeoutMilliseconds: 0)
  }
}
