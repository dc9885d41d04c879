import Kafka
import System5Core
import System5Wire
import System5Worker

/// A member's standing, as it was when it was asked for.
final class SimulatedMembership: GroupMembership {
  let claim: MemberClaim
  private let mistakes: MistakeMemory

  init(_ claim: MemberClaim, _ mistakes: MistakeMemory) {
    self.claim = claim
    self.mistakes = mistakes
  }

  var isMember: Bool {
    mistakes.commitsWithoutGeneration || (claim.generation >= 0 && !claim.member.isEmpty)
  }
}

/// What a poll has brought.
struct SimulatedBatch: FetchedBatch {
  enum Item {
    case record(TopicPartition, ModelLog.Entry)
    case end(TopicPartition, Int64)
    /// Of a partition, or of the consumer.
    case failure(KafkaError, TopicPartition?)
  }

  var items: [Item]

  func each(_ body: (borrowing Fetched) throws(Interruption) -> Void) throws(Interruption) {
    for item in items {
      switch item {
      case .record(let partition, let entry): try lend(partition, entry, to: body)
      case .end(let partition, let offset):
        try body(signal(.endOfPartition, partition, offset))
      case .failure(let error, let partition):
        try body(
          signal(.failure(error), partition ?? TopicPartition(topic: "", partition: -1), -1))
      }
    }
  }

  private func signal(
    _ kind: Message.Kind, _ partition: TopicPartition, _ offset: Int64
  ) -> Fetched {
    Fetched(
      kind: kind, partition: partition, offset: offset,
      record: RawRecord(key: nil, value: nil, timestampMilliseconds: nil))
  }

  private func lend(
    _ partition: TopicPartition, _ entry: ModelLog.Entry,
    to body: (borrowing Fetched) throws(Interruption) -> Void
  ) throws(Interruption) {
    let result = entry.record.withRaw { raw in
      Result { () throws(Interruption) in
        try body(
          Fetched(kind: .record, partition: partition, offset: entry.offset, record: raw))
      }
    }
    try result.get()
  }
}

extension StoredRecord {
  /// Lends the record to `body`.
  func withRaw<Output>(_ body: (RawRecord) -> Output) -> Output {
    RecordLine(
      topic: "", timestampMilliseconds: timestampMilliseconds, key: key, headers: headers,
      value: value
    ).withRecord(body)
  }
}

/// The seam between the worker and the model of librdkafka's consumer: where the world moves in
/// between, and where mistakes are made.
final class SimulatedConsumer: ConsumerClient {
  private let model: ModelConsumer
  private var process: SimulatedProcess { model.process }
  private var mistakes: MistakeMemory { model.process.mistakes }

  init(_ model: ModelConsumer) { self.model = model }

  func subscribe(_ topics: [String]) throws(KafkaError) {
    try process.enter("subscribe")
    model.subscribe()
  }

  func poll(
    maxRecords: Int, timeout: Duration, owner: any PartitionOwner
  ) throws(KafkaError) -> SimulatedBatch {
    try process.enter("poll")
    let batch = try model.poll(
      maxRecords: maxRecords, timeout: timeout, owner: mistakes.wrap(owner))
    if process.isDead { throw .dead }
    return batch
  }

  func membership() throws(KafkaError) -> SimulatedMembership {
    if process.isDead { throw .dead }
    return SimulatedMembership(model.claim, mistakes)
  }

  func committed(
    _ partitions: [TopicPartition], timeout: Duration
  ) throws(KafkaError) -> [TopicPartition: Int64] {
    try process.enter("committed")
    return mistakes.committed(try model.committed(partitions, timeout: timeout))
  }

  func logStarts(
    of partitions: [TopicPartition], timeout: Duration
  ) throws(KafkaError) -> [TopicPartition: Int64] {
    try process.enter("logStarts")
    let starts = try model.logStarts(of: partitions, timeout: timeout)
    if process.isDead { throw .dead }
    return starts
  }

  func cachedWatermarks(of partition: TopicPartition) throws(KafkaError) -> Watermarks? {
    model.cachedWatermarks(of: partition)
  }

  func commit(_ offsets: [PartitionOffset]) throws(KafkaError) {
    try process.enter("commit")
    try model.commit(mistakes.offsets(offsets, model))
    try process.enter("after commit")
  }

  func seek(_ offsets: [PartitionOffset], timeout: Duration) throws(KafkaError) {
    try process.enter("seek")
    try model.seek(mistakes.seek(offsets, model, process.world.broker))
  }

  func pause(_ partitions: [TopicPartition]) throws(KafkaError) {
    try process.enter("pause")
    try model.set(paused: true, partitions)
  }

  func resume(_ partitions: [TopicPartition]) throws(KafkaError) {
    try process.enter("resume")
    try model.set(paused: false, partitions)
  }

  func close(owner: any PartitionOwner) throws(KafkaError) {
    if !process.isDead { try? process.enter("close") }
    try model.close(owner: mistakes.wrap(owner))
  }
}

/// The seam between the worker and the model of librdkafka's producer.
final class SimulatedProducer: ProducerClient {
  private(set) var model: ModelProducer
  private var process: SimulatedProcess { model.process }
  private var mistakes: MistakeMemory { model.process.mistakes }

  init(_ model: ModelProducer) { self.model = model }

  /// Makes a new client that takes this one's place.
  func replaceModel() { model = model.successor }

  func initTransactions(timeout: Duration) throws(KafkaError) {
    try process.enter("initTransactions")
    if model.state != .new, mistakes.mistake == .fatalProducerReused { return }
    try model.initTransactions(timeout: timeout)
  }

  func beginTransaction() throws(KafkaError) {
    try process.enter("beginTransaction")
    try model.beginTransaction()
  }

  func send(_ result: ResultRecord, to topic: String, _ partition: Int32) throws(KafkaError) {
    if process.isDead { throw .dead }
    if process.world.chance(100) { try process.enter("produce") }
    let record = StoredRecord(
      key: result.key, value: result.value, headers: result.headers,
      timestampMilliseconds: result.timestampMilliseconds)
    let place = TopicPartition(topic: topic, partition: partition)
    if mistakes.isOutsideOfTransaction(result) {
      process.world.broker.log(place).append(record)
    } else {
      mistakes.note(record, to: place)
      try model.send(record, to: place)
    }
  }

  func sendOffsets(
    _ offsets: [PartitionOffset], membership: SimulatedMembership, timeout: Duration
  ) throws(KafkaError) {
    try process.enter("sendOffsets")
    let offsets = mistakes.offsets(offsets, process.consumers.first)
    let claim = mistakes.claim(membership, process)
    mistakes.note(offsets, claim)
    if try !mistakes.keepsOffsetsApart(offsets, process.consumers.first) {
      try model.sendOffsets(offsets, member: claim, timeout: timeout)
    }
    try process.enter("after sendOffsets")
  }

  func commitTransaction(timeout: Duration) throws(KafkaError) {
    try process.enter("commitTransaction")
    do {
      try model.commitTransaction(timeout: timeout)
    } catch {
      if process.isDead { throw .dead }
      try mistakes.commitFailed(error, self)
    }
    try mistakes.commitOffsetsKept(by: process.consumers.first)
    mistakes.transactionEnded()
    try process.enter("after commitTransaction")
  }

  func abortTransaction(timeout: Duration) throws(KafkaError) {
    try process.enter("abortTransaction")
    mistakes.transactionEnded()
    if mistakes.forgetsTransaction(model) { return }
    try model.abortTransaction(timeout: timeout)
    try process.enter("after abortTransaction")
  }

  func flush(timeout: Duration) throws(KafkaError) {
    try process.enter("flush")
    try model.flush(timeout: timeout)
  }

  func serve() { if !process.isDead { model.serve() } }

  var queuedMessages: Int { 0 }

  func takeDeliveryFailure() -> DeliveryFailure? { nil }
}
