import Kafka
import System5Wire

/// The producer and the transaction it may have open. Confined to the pipeline's thread.
final class Publisher {
  private let producer: Producer
  private let layout: TopicLayout
  private let delivery: Delivery
  /// Results and dead letters since the last commit.
  private(set) var pendingResults = 0
  private(set) var isTransactionOpen = false
  /// The largest value since the last commit, to name it when the broker finds one too large.
  private var largest: (topic: String, bytes: Int) = ("", 0)

  init(
    properties: ClientProperties, layout: TopicLayout, events: ClientEvents
  ) throws(Interruption) {
    self.layout = layout
    delivery = properties.configuration.delivery
    do {
      producer = try Producer(configuration: properties.producer, events: events)
    } catch {
      throw .exit(.configuration("Kafka producer: \(error.reason)."))
    }
  }

  /// Fences predecessors and waits for the end of their transactions.
  func prepare(within limit: Duration, stop: StopSignal) throws(Interruption) {
    guard delivery == .exactlyOnce else { return }
    try resuming(.initTransactions, until: Deadline(limit, stop: stop)) {
      (slice) throws(KafkaError) in
      try producer.initTransactions(timeoutMilliseconds: slice)
    }
  }

  func serve() { producer.serve() }

  /// Returns the topic the result went to.
  @discardableResult
  func publish(_ result: ResultRecord) throws(Interruption) -> String {
    try beginIfNeeded()
    let topic = layout.name(of: result.topic)
    let bytes = (result.value?.count ?? 0) + (result.key?.count ?? 0)
    if bytes >= largest.bytes { largest = (topic, bytes) }
    let fits = try attempting(delivery == .exactlyOnce ? .transaction : .delivery) {
      () throws(KafkaError) in
      do throws(KafkaError) {
        try send(result, to: topic)
        return true
      } catch {
        if error.isMessageTooLarge { return false }
        throw error
      }
    }
    guard fits else { throw tooLarge(topic, bytes) }
    pendingResults += 1
    return topic
  }

  private func send(_ result: ResultRecord, to topic: String) throws(KafkaError) {
    try withOptionalBytes(result.key) { (key) throws(KafkaError) in
      try withOptionalBytes(result.value) { (value) throws(KafkaError) in
        try producer.produce(
          topic: topic,
          partition: layout.partition(of: topic, forInput: result.partition),
          key: key, value: value, headers: result.headers.map { Header($0.name, $0.value) },
          timestampMilliseconds: result.timestampMilliseconds)
      }
    }
  }

  private func beginIfNeeded() throws(Interruption) {
    guard delivery == .exactlyOnce, !isTransactionOpen else { return }
    try attempting(.transaction) { () throws(KafkaError) in try producer.beginTransaction() }
    isTransactionOpen = true
  }

  /// Commits results and offsets in one transaction.
  func commit(
    _ offsets: [PartitionOffset], group: GroupMetadata, until deadline: Deadline
  ) throws(Interruption) {
    try namingTooLarge { () throws(Interruption) in
      if !offsets.isEmpty {
        try attempting(.transaction) { () throws(KafkaError) in
          try producer.sendOffsets(
            offsets, group: group, timeoutMilliseconds: deadline.remainingMilliseconds)
        }
      }
      try resuming(.transaction, until: deadline) { (slice) throws(KafkaError) in
        try producer.commitTransaction(timeoutMilliseconds: slice)
      }
    }
    isTransactionOpen = false
    reset()
  }

  /// Waits until every result is delivered; without transactions.
  func flush(until deadline: Deadline) throws(Interruption) {
    try namingTooLarge { () throws(Interruption) in
      try resuming(.delivery, until: deadline) { (slice) throws(KafkaError) in
        try producer.flush(timeoutMilliseconds: slice)
      }
      if let failure = producer.takeDeliveryFailure() {
        if failure.first.isMessageTooLarge { throw tooLarge(largest.topic, largest.bytes) }
        throw .replaceProducer(cause: failure.first.name)
      }
    }
    reset()
  }

  /// Drops the open transaction, if there is one.
  func abort(until deadline: Deadline) throws(Interruption) {
    reset()
    guard isTransactionOpen else { return }
    isTransactionOpen = false
    try resuming(.abort, until: deadline) { (slice) throws(KafkaError) in
      try producer.abortTransaction(timeoutMilliseconds: slice)
    }
  }

  private func reset() {
    pendingResults = 0
    largest = ("", 0)
  }
}

extension Publisher {
  /// librdkafka's calls may be resumed after a timeout that it marks as retriable, which comes to
  /// the same as waiting without end, and lets us see a stop in between.
  private func resuming(
    _ call: KafkaCall, until deadline: Deadline, _ body: (Int) throws(KafkaError) -> Void
  ) throws(Interruption) {
    try attempting(call) { () throws(KafkaError) in
      while true {
        do throws(KafkaError) {
          return try body(deadline.sliceMilliseconds)
        } catch {
          let isResumable = error.isTimeout && !error.isFatal && !error.requiresAbort
          guard isResumable, error.isRetriable || call == .delivery, !deadline.hasPassed
          else { throw error }
        }
      }
    }
  }

  /// A broker that finds a result too large would find it so for ever after each abort.
  private func namingTooLarge(
    _ body: () throws(Interruption) -> Void
  ) throws(Interruption) {
    do {
      try body()
    } catch {
      producer.serve()
      if delivery == .exactlyOnce, let failure = producer.takeDeliveryFailure(),
        failure.first.isMessageTooLarge
      {
        throw tooLarge(largest.topic, largest.bytes)
      }
      throw error
    }
  }

  private func tooLarge(_ topic: String, _ bytes: Int) -> Interruption {
    .exit(
      .configuration(
        "A record of \(bytes) bytes is too large for the topic \(topic); "
          + "raise its max.message.bytes."))
  }
}

private func withOptionalBytes(
  _ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) throws(KafkaError) -> Void
) throws(KafkaError) {
  guard let bytes else { return try body(nil) }
  let outcome = bytes.withUnsafeBytes { buffer in
    Swift.Result { () throws(KafkaError) in try body(buffer) }
  }
  try outcome.get()
}
