import Kafka

/// Producer ids and epochs by `transactional.id`, and the transactions they have open.
///
/// As brokers before KIP-890 do it: a late EndTxn counts for whatever transaction its producer's
/// epoch has open when it arrives.
final class TransactionCoordinator {
  enum State: Equatable {
    case empty, ongoing
    /// Decided, and markers are still being written.
    case prepared(isCommit: Bool)
    case complete(isCommit: Bool)
  }

  struct Identity: Equatable {
    let producer: Int64
    let epoch: Int16
  }

  struct Transaction {
    var identity: Identity
    var state = State.empty
    var timeout: Duration
    var startedAt: Duration = .zero
    var partitions: [TopicPartition] = []
    var hasOffsets = false
    /// Whose new epoch this is; nil if its producer began anew.
    var renewed: Identity?
  }

  private unowned let broker: ModelBroker
  private(set) var transactions: [String: Transaction] = [:]
  private var nextProducer: Int64 = 1

  init(broker: ModelBroker) { self.broker = broker }

  /// Fences whoever had the name before.
  ///
  /// - Parameter current: of a producer that wants a new epoch to go on with (KIP-360).
  func initProducer(
    _ name: String, timeout: Duration, renewing current: Identity? = nil
  ) -> Result<Identity, BrokerError> {
    guard let former = transactions[name] else {
      let identity = Identity(producer: nextProducer, epoch: 0)
      nextProducer += 1
      transactions[name] = Transaction(identity: identity, timeout: timeout)
      return .success(identity)
    }
    if let current, current != former.identity, current != former.renewed {
      return .failure(.invalidProducerEpoch)
    }
    switch former.state {
    case .prepared: return .failure(.concurrentTransactions)
    case .ongoing:
      abortByBroker(name)
      transactions[name]?.renewed = current
      return .failure(.concurrentTransactions)
    case .empty where current != nil && current == former.renewed:
      return .success(former.identity)
    case .empty, .complete:
      let identity = Identity(
        producer: former.identity.producer, epoch: former.identity.epoch + 1)
      transactions[name] = Transaction(identity: identity, timeout: timeout, renewed: current)
      return .success(identity)
    }
  }

  /// AddPartitionsToTxn, with the Produce that follows it: the leader asks whether the transaction
  /// is still there.
  func produce(
    _ name: String, as identity: Identity, _ records: [(TopicPartition, StoredRecord)]
  ) -> Result<Void, BrokerError> {
    if let refusal = begin(name, as: identity) { return .failure(refusal) }
    for (partition, record) in records {
      if transactions[name]?.partitions.contains(partition) == false {
        transactions[name]?.partitions.append(partition)
      }
      broker.log(partition).append(record, producer: identity.producer)
    }
    return .success(())
  }

  /// AddOffsetsToTxn, with the TxnOffsetCommit that follows it.
  func addOffsets(
    _ name: String, as identity: Identity, _ offsets: [PartitionOffset], member: MemberClaim
  ) -> Result<Void, BrokerError> {
    if let refusal = begin(name, as: identity) { return .failure(refusal) }
    transactions[name]?.hasOffsets = true
    return broker.group.commitPending(offsets, producer: identity.producer, member: member)
  }

  /// Begins what the first request of a transaction begins.
  private func begin(_ name: String, as identity: Identity) -> BrokerError? {
    guard let transaction = transactions[name], transaction.identity == identity else {
      return .invalidProducerEpoch
    }
    switch transaction.state {
    case .ongoing: return nil
    case .prepared: return .concurrentTransactions
    case .empty, .complete:
      transactions[name]?.state = .ongoing
      transactions[name]?.startedAt = broker.world.now
      transactions[name]?.partitions = []
      transactions[name]?.hasOffsets = false
      return nil
    }
  }

  func end(_ name: String, as identity: Identity, isCommit: Bool) -> Result<Void, BrokerError> {
    guard let transaction = transactions[name], transaction.identity == identity else {
      return .failure(.invalidProducerEpoch)
    }
    switch transaction.state {
    case .ongoing:
      prepare(name, isCommit: isCommit)
      return .success(())
    case .prepared(let decided), .complete(let decided):
      return decided == isCommit ? .success(()) : .failure(.invalidTransactionState)
    case .empty: return .failure(.invalidTransactionState)
    }
  }

  /// Ends what its producer has not ended in time.
  func tick() {
    for (name, transaction) in transactions.sorted(by: { $0.key < $1.key })
    where transaction.state == .ongoing
      && broker.world.now - transaction.startedAt > transaction.timeout
    {
      broker.world.trace("the coordinator's time for \(name) is over")
      abortByBroker(name)
    }
  }

  /// With a new epoch, so that the producer cannot go on.
  func abortByBroker(_ name: String) {
    guard let former = transactions[name], former.state == .ongoing else { return }
    transactions[name]?.identity = Identity(
      producer: former.identity.producer, epoch: former.identity.epoch + 1)
    prepare(name, isCommit: false)
  }

  var ongoing: [String] {
    transactions.filter { $0.value.state == .ongoing }.keys.sorted()
  }

  var isSettled: Bool {
    transactions.values.allSatisfy {
      if case .prepared = $0.state { return false }
      return $0.state != .ongoing
    }
  }

  private func prepare(_ name: String, isCommit: Bool) {
    guard let transaction = transactions[name] else { return }
    transactions[name]?.state = .prepared(isCommit: isCommit)
    broker.writeMarkers(of: transaction, isCommit: isCommit) { [unowned self] in
      transactions[name]?.state = .complete(isCommit: isCommit)
    }
  }
}
