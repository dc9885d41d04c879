import Kafka

/// Has a producer write in transactions of so many records each.
final class SinkTransactions {
  private let producer: Producer
  private let troubles: ClientTroubles
  private let size: Int
  private var pending = 0
  private var isOpen = false

  private static let patience: Duration = .seconds(60)
  private static let sliceMilliseconds = 5_000

  /// Fences an earlier producer of the same id.
  init(of producer: Producer, size: Int, troubles: ClientTroubles) throws {
    self.producer = producer
    self.size = max(1, size)
    self.troubles = troubles
    try resuming("preparing transactions") { timeout throws(KafkaError) in
      try producer.initTransactions(timeoutMilliseconds: timeout)
    }
  }

  /// Writes one record, and commits when that makes a transaction full. After an error nothing of
  /// the open transaction is there to be read.
  func write(_ body: () throws -> Void) throws {
    if !isOpen {
      try troubles.explaining("beginning a transaction") { () throws(KafkaError) in
        try producer.beginTransaction()
      }
      isOpen = true
    }
    do {
      try body()
    } catch {
      abort()
      throw error
    }
    pending += 1
    if pending >= size { try commit() }
  }

  func commit() throws {
    guard isOpen else { return }
    do {
      try resuming("committing \(pending) records") { timeout throws(KafkaError) in
        try producer.commitTransaction(timeoutMilliseconds: timeout)
      }
    } catch {
      abort()
      throw error
    }
    isOpen = false
    pending = 0
  }

  /// As well as can be: what is left open is ended by the brokers when its time is over.
  private func abort() {
    isOpen = false
    pending = 0
    try? producer.abortTransaction(timeoutMilliseconds: Self.sliceMilliseconds)
  }

  /// A call that ran out of time may be resumed where librdkafka says so.
  private func resuming(
    _ doing: String, _ call: (Int) throws(KafkaError) -> Void
  ) throws(CommandFailure) {
    let deadline = ContinuousClock.now + Self.patience
    while true {
      do {
        return try call(Self.sliceMilliseconds)
      } catch {
        let isOver = ContinuousClock.now >= deadline || troubles.refused != nil
        if !error.isRetriable || error.requiresAbort || isOver {
          throw troubles.explain(error, doing)
        }
      }
    }
  }
}
