import Kafka
import System5Wire

/// librdkafka's producer, as far as the worker can tell it from ours.
final class ModelProducer {
  enum State { case new, ready, open, committing, aborting }

  let process: SimulatedProcess
  private let name: String?
  private let timeout: Duration
  private var identity: TransactionCoordinator.Identity?
  private(set) var state = State.new
  private(set) var fatal: KafkaError?
  /// Why the transaction can only be aborted.
  private var abortable: KafkaError?
  private var queue: [(TopicPartition, StoredRecord)] = []
  /// What is on its way, until its arrival is known.
  private var batch: Batch?
  /// Whether the coordinator knows of the transaction.
  private var isRegistered = false
  private var inFlight = InFlight()
  /// librdkafka takes a new epoch after a transaction with messages that it has not seen arrive, so
  /// that they cannot arrive in the next one.
  private var needsNewEpoch = false

  private let configuration: ClientConfiguration

  /// Sequence numbers let a broker drop what it has already, so that what is sent again and again
  /// takes effect once.
  private final class Batch {
    let records: [(TopicPartition, StoredRecord)]
    var hasArrived = false

    init(_ records: [(TopicPartition, StoredRecord)]) { self.records = records }
  }

  init(process: SimulatedProcess, _ configuration: ClientConfiguration) {
    self.process = process
    self.configuration = configuration
    name = configuration["transactional.id"]
    let milliseconds = configuration["transaction.timeout.ms"].flatMap(Int.init) ?? 60_000
    timeout = .milliseconds(milliseconds)
  }

  /// A new client of the same name.
  var successor: ModelProducer { ModelProducer(process: process, configuration) }

  private var world: SimulatedWorld { process.world }
  private var transactions: TransactionCoordinator { world.broker.transactions }
  private var id: String { name ?? "" }

  func initTransactions(timeout limit: Duration) throws(KafkaError) {
    let end = world.now + limit
    while true {
      let reply = process.request("InitProducerId", timeout: limit) { [transactions, id, timeout] in
        transactions.initProducer(id, timeout: timeout)
      }
      switch reply {
      case .answer(let identity):
        self.identity = identity
        state = .ready
        return
      case .refusal, .nothing:
        if process.isDead { throw .dead }
        if world.now >= end { throw .client(.timedOut, isRetriable: true) }
        world.wait(.milliseconds(20))
      }
    }
  }

  func beginTransaction() throws(KafkaError) {
    if let fatal { throw fatal }
    guard state == .ready else { throw .client(.state) }
    state = .open
  }

  func send(_ record: StoredRecord, to partition: TopicPartition) throws(KafkaError) {
    if let fatal { throw fatal }
    guard name == nil || (state == .open && abortable == nil) else { throw .client(.state) }
    queue.append((partition, record))
  }

  /// librdkafka's own thread sends what has waited long enough.
  func serve() {
    if state == .open, abortable == nil, fatal == nil, !queue.isEmpty, world.chance(400) {
      _ = deliver(within: .milliseconds(500))
    }
  }

  /// Returns whether there is nothing left to deliver.
  private func deliver(within limit: Duration) -> Bool {
    let end = world.now + limit
    while batch != nil || !queue.isEmpty {
      let batch = self.batch ?? Batch(queue)
      if self.batch == nil { queue = [] }
      self.batch = batch
      guard deliver(batch, until: end) else { return false }
      self.batch = nil
    }
    return true
  }

  private func deliver(_ batch: Batch, until end: Duration) -> Bool {
    guard let identity, name != nil else {
      for (partition, record) in batch.records { world.broker.log(partition).append(record) }
      return true
    }
    isRegistered = true
    needsNewEpoch = true
    while true {
      let reply = process.request(
        "Produce", timeout: max(.milliseconds(1), end - world.now)
      ) { [transactions, id] in
        if batch.hasArrived { return .success(()) }
        let result = transactions.produce(id, as: identity, batch.records)
        if case .success = result { batch.hasArrived = true }
        return result
      }
      switch reply {
      case .answer:
        needsNewEpoch = false
        return true
      case .refusal(.concurrentTransactions): break
      case .refusal(let error):
        fence(error)
        return true
      case .nothing:
        if process.isDead { return false }
        if world.chance(200) {
          abortable = .client(.inconsistent, requiresAbort: true)
          return true
        }
      }
      if world.now >= end { return false }
      world.wait(.milliseconds(20))
    }
  }

  private func fence(_ error: BrokerError) {
    if error == .invalidProducerEpoch, state == .open, world.chance(300) {
      abortable = .broker(error, requiresAbort: true)
    } else {
      fatal = .client(.fenced, isFatal: true)
    }
  }

  func sendOffsets(
    _ offsets: [PartitionOffset], member: MemberClaim, timeout limit: Duration?
  ) throws(KafkaError) {
    if let fatal { throw fatal }
    if let abortable { throw abortable }
    guard state == .open, let identity else { throw .client(.state) }
    let end = limit.map { world.now + $0 }
    // Once a later attempt is answered, the connection of the former is gone, and what it held.
    let attempts = InFlight()
    isRegistered = true
    while true {
      let reply = process.request(
        "TxnOffsetCommit", timeout: min(limit ?? .seconds(1), .seconds(1)), inFlight: attempts
      ) { [transactions, id] in
        transactions.addOffsets(id, as: identity, offsets, member: member)
      }
      switch reply {
      case .answer: return attempts.isCancelled = true
      case .refusal(.concurrentTransactions), .nothing:
        if process.isDead { throw .dead }
        if let end, world.now >= end { throw .client(.timedOut) }
        world.wait(.milliseconds(20))
      case .refusal(let error):
        attempts.isCancelled = true
        throw refused(error)
      }
    }
  }

  private func refused(_ error: BrokerError) -> KafkaError {
    if error == .invalidProducerEpoch || error == .invalidTransactionState {
      let failure = KafkaError.client(.fenced, isFatal: true)
      fatal = failure
      return failure
    }
    let failure = KafkaError.broker(error, requiresAbort: true)
    abortable = failure
    return failure
  }

  func commitTransaction(timeout limit: Duration) throws(KafkaError) {
    if let fatal { throw fatal }
    if let abortable { throw abortable }
    guard state == .open || state == .committing else { throw .client(.state) }
    let end = world.now + limit
    if !deliver(within: limit) {
      if process.isDead { throw .dead }
      throw .client(.timedOut, isRetriable: true)
    }
    if let fatal { throw fatal }
    if let abortable { throw abortable }
    state = .committing
    try endTransaction(isCommit: true, until: end)
  }

  func abortTransaction(timeout limit: Duration) throws(KafkaError) {
    if let fatal { throw fatal }
    guard state == .open || state == .aborting else { throw .client(.state) }
    state = .aborting
    queue = []
    batch = nil
    let end = world.now + limit
    if needsNewEpoch {
      try renew(until: end)
    } else {
      try endTransaction(isCommit: false, until: end)
    }
  }

  /// Asking for a new epoch aborts what is open in the old one.
  private func renew(until end: Duration) throws(KafkaError) {
    while true {
      let reply = process.request(
        "InitProducerId", timeout: max(.milliseconds(1), end - world.now)
      ) { [transactions, id, timeout, identity] in
        transactions.initProducer(id, timeout: timeout, renewing: identity)
      }
      switch reply {
      case .answer(let identity):
        self.identity = identity
        return reset()
      case .refusal(.concurrentTransactions), .nothing:
        if process.isDead { throw .dead }
        if world.now >= end { throw .client(.timedOut, isRetriable: true) }
        world.wait(.milliseconds(20))
      case .refusal(let error): throw refused(error)
      }
    }
  }

  private func endTransaction(isCommit: Bool, until end: Duration) throws(KafkaError) {
    guard isRegistered, let identity else { return reset() }
    while true {
      let reply = process.request(
        isCommit ? "EndTxn(commit)" : "EndTxn(abort)",
        timeout: max(.milliseconds(1), end - world.now), inFlight: inFlight
      ) { [transactions, id] in
        transactions.end(id, as: identity, isCommit: isCommit)
      }
      switch reply {
      case .answer: return reset()
      case .refusal(.invalidTransactionState) where !isCommit && abortable != nil:
        // Nothing of it had arrived.
        return reset()
      case .refusal(let error): throw refused(error)
      case .nothing:
        if process.isDead { throw .dead }
        if world.now >= end { throw .client(.timedOut, isRetriable: true) }
      }
    }
  }

  private func reset() {
    inFlight.isCancelled = true
    forget()
  }

  /// Goes on as if there were no transaction, whatever is still on its way.
  func forget() {
    inFlight = InFlight()
    isRegistered = false
    needsNewEpoch = false
    abortable = nil
    queue = []
    batch = nil
    state = .ready
  }

  func flush(timeout limit: Duration) throws(KafkaError) {
    if let fatal { throw fatal }
    if !deliver(within: limit) { throw .client(.timedOut) }
  }
}
