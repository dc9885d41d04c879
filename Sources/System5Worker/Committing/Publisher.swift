import Kafka
import System5Wire

/// The producer and the transaction it may have open. Confined to the pipeline's thread.
final class Publisher<P: Platform> {
  private let setup: PipelineSetup<P>
  private let producer: P.Producer
  private let layout: TopicLayout
  private let delivery: Delivery
  /// Results and dead letters since the last commit.
  private(set) var pendingResults = 0
  private(set) var isTransactionOpen = false
  /// Results since the last commit, by topic.
  private var sent: [String: Sent] = [:]
  /// The largest value since the last commit, to name it when the broker finds one too large.
  private var largest: (topic: String, bytes: Int) = ("", 0)

  init(setup: PipelineSetup<P>, layout: TopicLayout) throws(Interruption) {
    self.setup = setup
    self.layout = layout
    delivery = setup.configuration.delivery
    do {
      producer = try setup.platform.makeProducer(
        setup.properties.producer, setup.watch.events)
    } catch {
      throw .exit(.configuration("Kafka producer: \(error.reason)."))
    }
  }

  /// Fences predecessors and waits for the end of their transactions.
  func prepare(within limit: Duration) throws(Interruption) {
    guard delivery == .exactlyOnce else { return }
    try resuming(.initTransactions, until: setup.deadline(limit)) {
      (slice) throws(KafkaError) in
      try producer.initTransactions(timeout: slice)
    }
  }

  /// The brokers end the transaction after that anyway.
  private var transactionTimeout: Duration { setup.configuration.transactionTimeout }

  func serve() { producer.serve() }

  var queuedMessages: Int { producer.queuedMessages }

  func publish(_ result: ResultRecord) throws(Interruption) {
    if delivery == .exactlyOnce { try begin() }
    let topic = layout.name(of: result.topic)
    let bytes = (result.value?.count ?? 0) + (result.key?.count ?? 0)
    if bytes >= largest.bytes { largest = (topic, bytes) }
    let fits = try setup.attempting(delivery == .exactlyOnce ? .transaction : .delivery) {
      () throws(KafkaError) in
      do throws(KafkaError) {
        try producer.send(
          result, to: topic, layout.partition(of: topic, forInput: result.partition))
        return true
      } catch {
        if error.isMessageTooLarge { return false }
        throw error
      }
    }
    guard fits else { throw tooLarge(topic, bytes) }
    pendingResults += 1
    if result.topic != .deadLetters { sent[topic, default: Sent()].add(bytes) }
  }

  /// Opens a transaction unless there is one.
  func begin() throws(Interruption) {
    if isTransactionOpen { return }
    try setup.attempting(.transaction) { () throws(KafkaError) in try producer.beginTransaction() }
    isTransactionOpen = true
  }

  /// Commits results and offsets in one transaction.
  func commit(
    _ offsets: [PartitionOffset], membership: P.Consumer.Membership, until deadline: Deadline
  ) throws(Interruption) {
    try namingTooLarge { () throws(Interruption) in
      if !offsets.isEmpty {
        try setup.attempting(.transaction) { () throws(KafkaError) in
          try producer.sendOffsets(
            offsets, membership: membership,
            timeout: min(deadline.remaining, transactionTimeout))
        }
      }
      try resuming(.transaction, until: deadline) { (slice) throws(KafkaError) in
        try producer.commitTransaction(timeout: slice)
      }
    }
    isTransactionOpen = false
    setup.metrics.published(sent)
    reset()
  }

  /// Waits until every result is delivered; without transactions.
  func flush(until deadline: Deadline) throws(Interruption) {
    try namingTooLarge { () throws(Interruption) in
      try resuming(.delivery, until: deadline) { (slice) throws(KafkaError) in
        try producer.flush(timeout: slice)
      }
      if let failure = producer.takeDeliveryFailure() {
        if failure.first.isMessageTooLarge { throw tooLarge(largest.topic, largest.bytes) }
        throw .replaceProducer(cause: failure.first.name)
      }
    }
    setup.metrics.published(sent)
    reset()
  }

  /// Drops the open transaction, if there is one.
  func abort(until deadline: Deadline) throws(Interruption) {
    reset()
    guard isTransactionOpen else { return }
    isTransactionOpen = false
    try resuming(.abort, until: deadline) { (slice) throws(KafkaError) in
      try producer.abortTransaction(timeout: slice)
    }
  }

  private func reset() {
    pendingResults = 0
    sent = [:]
    largest = ("", 0)
  }
}

extension Publisher {
  /// librdkafka's calls may be resumed after a timeout that it marks as retriable; in slices, a stop
  /// is seen in between.
  private func resuming(
    _ call: KafkaCall, until deadline: Deadline, _ body: (Duration) throws(KafkaError) -> Void
  ) throws(Interruption) {
    try setup.attempting(call) { () throws(KafkaError) in
      while true {
        setup.beat()
        do throws(KafkaError) {
          return try body(deadline.slice)
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
