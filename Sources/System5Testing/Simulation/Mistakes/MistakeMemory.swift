import Kafka
import System5Core
import System5Wire
import System5Worker

/// Makes a mistake in a process, and keeps what that needs. Without one, everything passes through.
///
/// `@unchecked`: confined to the simulation's one thread.
final class MistakeMemory: @unchecked Sendable {
  let mistake: Mistake?
  private var lastProducer: SimulatedProducer?
  private var sent: [(StoredRecord, TopicPartition)] = []
  private var sentOffsets: (offsets: [PartitionOffset], claim: MemberClaim)?
  private var isUnknown = false
  private(set) var readsUnstableOffsets: Bool
  fileprivate var isLosing = false

  init(_ mistake: Mistake?) {
    self.mistake = mistake
    readsUnstableOffsets = mistake == .unstableOffsetsRead
  }

  // MARK: Transactions

  func note(_ record: StoredRecord, to partition: TopicPartition) {
    if mistake == .commitRetriedBlindly { sent.append((record, partition)) }
  }

  func note(_ offsets: [PartitionOffset], _ claim: MemberClaim) {
    switch mistake {
    case .commitRetriedBlindly, .offsetsAfterResults: sentOffsets = (offsets, claim)
    default: break
    }
  }

  func note(_ producer: SimulatedProducer) {
    if mistake == .fatalProducerReused { lastProducer = producer }
  }

  var producerToReuse: SimulatedProducer? { lastProducer?.model.fatal == nil ? nil : lastProducer }

  func transactionEnded() {
    sent = []
    sentOffsets = nil
  }

  func isOutsideOfTransaction(_ result: ResultRecord) -> Bool {
    switch mistake {
    case .resultsOutsideOfTransaction: result.topic != .deadLetters
    case .deadLetterOutsideOfTransaction: result.topic == .deadLetters
    default: false
    }
  }

  /// What becomes of a commit that has failed; returns if it is taken for done.
  func commitFailed(_ error: KafkaError, _ producer: SimulatedProducer) throws(KafkaError) {
    guard error.isTimeout, !error.requiresAbort else { throw error }
    switch mistake {
    case .unknownIsCommitted: producer.model.forget()
    case .unknownIsAborted:
      isUnknown = true
      readsUnstableOffsets = true
      throw KafkaError(code: error.code, reason: error.reason, requiresAbort: true)
    case .commitRetriedBlindly: try repeatTransaction(producer)
    default: throw error
    }
  }

  private func repeatTransaction(_ producer: SimulatedProducer) throws(KafkaError) {
    producer.replaceModel()
    try producer.model.initTransactions(timeout: .seconds(20))
    try producer.model.beginTransaction()
    for (record, partition) in sent { try producer.model.send(record, to: partition) }
    if let (offsets, claim) = sentOffsets {
      try producer.model.sendOffsets(offsets, member: claim, timeout: nil)
    }
    try producer.model.commitTransaction(timeout: .seconds(20))
  }

  func forgetsTransaction(_ producer: ModelProducer) -> Bool {
    guard isUnknown || mistake == .abortForgotten, producer.fatal == nil else { return false }
    isUnknown = false
    producer.forget()
    return true
  }

  func claim(_ membership: SimulatedMembership, _ process: SimulatedProcess) -> MemberClaim {
    guard mistake == .membershipAtCommit else { return membership.claim }
    return process.consumers.first?.claim ?? membership.claim
  }

  func offsets(_ offsets: [PartitionOffset], _ consumer: ModelConsumer?) -> [PartitionOffset] {
    switch mistake {
    case .lastOffsetCommitted:
      offsets.map { PartitionOffset($0.topicPartition, max(0, $0.offset - 1)) }
    case .consumerPositionCommitted:
      offsets.map {
        PartitionOffset($0.topicPartition, consumer?.position(of: $0.topicPartition) ?? $0.offset)
      }
    default: offsets
    }
  }

  /// Whether the offsets are kept out of the transaction.
  func keepsOffsetsApart(
    _ offsets: [PartitionOffset], _ consumer: ModelConsumer?
  ) throws(KafkaError) -> Bool {
    switch mistake {
    case .offsetsBeforeResults:
      try consumer?.commit(offsets)
      return true
    case .offsetsAfterResults: return true
    default: return false
    }
  }

  func commitOffsetsKept(by consumer: ModelConsumer?) throws(KafkaError) {
    if mistake == .offsetsAfterResults, let sentOffsets {
      try consumer?.commit(sentOffsets.offsets)
    }
  }

  // MARK: Taking over and giving up

  func isReadCommitted(_ isolation: String?) -> Bool {
    isolation == "read_committed" && mistake != .uncommittedRead
  }

  func committed(_ offsets: [TopicPartition: Int64]) -> [TopicPartition: Int64] {
    if mistake == .unknownIsAborted { readsUnstableOffsets = false }
    return mistake == .restorePublishes ? [:] : offsets
  }

  /// A partition that is paused is being taken over; any other goes back after an abort.
  func seek(
    _ offsets: [PartitionOffset], _ consumer: ModelConsumer, _ broker: ModelBroker
  ) -> [PartitionOffset] {
    switch mistake {
    case .seekForgetsKept:
      return offsets.filter { consumer.isPaused($0.topicPartition) }
    case .restoreStartsAtCommit:
      return offsets.map {
        PartitionOffset(
          $0.topicPartition, max($0.offset, broker.group.committed($0.topicPartition) ?? 0))
      }
    case .startsAtLatest:
      return offsets.map { offset in
        let isFresh = broker.group.committed(offset.topicPartition) == nil
        return isFresh && consumer.isPaused(offset.topicPartition)
          ? PartitionOffset(offset.topicPartition, LogicalOffset.end) : offset
      }
    default: return offsets
    }
  }

  var commitsWithoutGeneration: Bool {
    mistake == .commitWithoutGeneration || isLosing
  }

  func wrap(_ owner: any PartitionOwner) -> any PartitionOwner {
    switch mistake {
    case .lostAsRevoked, .revokedKept: MistakenOwner(owner, self)
    default: owner
    }
  }
}

private final class MistakenOwner: PartitionOwner {
  private let owner: any PartitionOwner
  private let mistakes: MistakeMemory

  init(_ owner: any PartitionOwner, _ mistakes: MistakeMemory) {
    self.owner = owner
    self.mistakes = mistakes
  }

  func assigned(_ partitions: [TopicPartition]) throws(KafkaError) -> [PartitionOffset] {
    try owner.assigned(partitions)
  }

  func revoked(_ partitions: [TopicPartition]) throws(KafkaError) {
    if mistakes.mistake == .revokedKept { return }
    try owner.revoked(partitions)
  }

  func lost(_ partitions: [TopicPartition]) throws(KafkaError) {
    guard mistakes.mistake == .lostAsRevoked else { return try owner.lost(partitions) }
    mistakes.isLosing = true
    defer { mistakes.isLosing = false }
    try owner.revoked(partitions)
  }
}
