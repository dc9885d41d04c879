import Foundation
import Kafka
import System5Wire

/// The platform that production runs on: librdkafka, and the machine's clock.
struct LibrdkafkaPlatform: Platform {
  var clock: any WorkerClock { MachineClock() }

  func makeConsumer(
    _ configuration: ClientConfiguration, _ events: ClientEvents
  ) throws(ConfigurationError) -> LibrdkafkaConsumer {
    LibrdkafkaConsumer(try Kafka.Consumer(configuration: configuration, events: events))
  }

  func makeProducer(
    _ configuration: ClientConfiguration, _ events: ClientEvents
  ) throws(ConfigurationError) -> LibrdkafkaProducer {
    LibrdkafkaProducer(try Kafka.Producer(configuration: configuration, events: events))
  }

  func makeDirectory(
    _ configuration: ClientConfiguration, _ events: ClientEvents
  ) throws(ConfigurationError) -> any TopicDirectory {
    LibrdkafkaDirectory(admin: try Admin(configuration: configuration, events: events))
  }

  func makeCheckpointStore(_ settings: CheckpointStoreSettings) -> any CheckpointStore {
    LibrdkafkaCheckpoints(settings)
  }
}

struct MachineClock: WorkerClock {
  var now: ContinuousClock.Instant { .now }
  var millisecondsSinceEpoch: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
  func sleep(_ duration: Duration) { OwnThread.sleep(duration) }
}

private struct LibrdkafkaDirectory: TopicDirectory {
  let admin: Admin

  func topics(_ names: [String]) throws(KafkaError) -> [TopicMetadata] {
    try admin.topics(names, timeoutMilliseconds: 2_000)
  }
}

extension GroupMetadata: GroupMembership {}

final class LibrdkafkaConsumer: ConsumerClient {
  private let consumer: Consumer
  private let bridge = RebalanceBridge()

  init(_ consumer: Consumer) { self.consumer = consumer }

  func subscribe(_ topics: [String]) throws(KafkaError) { try consumer.subscribe(topics) }

  func poll(
    maxRecords: Int, timeout: Duration, owner: any PartitionOwner
  ) throws(KafkaError) -> LibrdkafkaBatch {
    bridge.owner = owner
    defer { bridge.owner = nil }
    return LibrdkafkaBatch(
      try consumer.poll(
        maxRecords: maxRecords, timeoutMilliseconds: timeout.milliseconds, rebalancing: bridge))
  }

  func membership() throws(KafkaError) -> GroupMetadata { try consumer.groupMetadata() }

  func committed(
    _ partitions: [TopicPartition], timeout: Duration
  ) throws(KafkaError) -> [TopicPartition: Int64] {
    try consumer.committed(partitions, timeoutMilliseconds: timeout.milliseconds)
  }

  func logStarts(
    of partitions: [TopicPartition], timeout: Duration
  ) throws(KafkaError) -> [TopicPartition: Int64] {
    // One question for all: each waits behind a fetch that waits for records.
    try consumer.offsets(
      of: partitions, forTime: LogicalOffset.beginning,
      timeoutMilliseconds: timeout.milliseconds)
  }

  func cachedWatermarks(of partition: TopicPartition) throws(KafkaError) -> Watermarks? {
    try consumer.cachedWatermarks(of: partition)
  }

  func commit(_ offsets: [PartitionOffset]) throws(KafkaError) { try consumer.commit(offsets) }

  func seek(_ offsets: [PartitionOffset], timeout: Duration) throws(KafkaError) {
    try consumer.seek(offsets, timeoutMilliseconds: timeout.milliseconds)
  }

  func pause(_ partitions: [TopicPartition]) throws(KafkaError) { try consumer.pause(partitions) }

  func resume(_ partitions: [TopicPartition]) throws(KafkaError) {
    try consumer.resume(partitions)
  }

  func close(owner: any PartitionOwner) throws(KafkaError) {
    bridge.owner = owner
    defer { bridge.owner = nil }
    try consumer.close(rebalancing: bridge)
  }
}

/// Passes what librdkafka tells on to whoever is lent to the poll.
private final class RebalanceBridge: RebalanceHandler {
  weak var owner: (any PartitionOwner)?

  func assigned(
    _ partitions: [TopicPartition], by consumer: Consumer
  ) throws(KafkaError) -> [PartitionOffset] {
    guard let owner else { return [] }
    return try owner.assigned(partitions)
  }

  func revoked(_ partitions: [TopicPartition], by consumer: Consumer) throws(KafkaError) {
    try owner?.revoked(partitions)
  }

  func lost(_ partitions: [TopicPartition], by consumer: Consumer) throws(KafkaError) {
    try owner?.lost(partitions)
  }
}

final class LibrdkafkaBatch: FetchedBatch {
  private let batch: MessageBatch

  init(_ batch: consuming MessageBatch) { self.batch = batch }

  func each(_ body: (borrowing Fetched) throws(Interruption) -> Void) throws(Interruption) {
    try batch.eachMessage { (message) throws(Interruption) in
      var headers: [RawHeader] = []
      message.eachHeader { name, value in
        headers.append(RawHeader(name, value.map { Array($0) }))
      }
      try body(
        Fetched(
          kind: message.kind, partition: message.topicPartition, offset: message.offset,
          record: RawRecord(
            key: message.key, value: message.value,
            timestampMilliseconds: message.timestampMilliseconds, headers: headers)))
    }
  }
}

final class LibrdkafkaProducer: ProducerClient {
  private let producer: Producer

  init(_ producer: Producer) { self.producer = producer }

  func initTransactions(timeout: Duration) throws(KafkaError) {
    try producer.initTransactions(timeoutMilliseconds: timeout.milliseconds)
  }

  func beginTransaction() throws(KafkaError) { try producer.beginTransaction() }

  func send(
    _ result: ResultRecord, to topic: String, _ partition: Int32
  ) throws(KafkaError) {
    try producer.produce(
      topic: topic, partition: partition, key: result.key, value: result.value,
      headers: result.headers.map { Header($0.name, $0.value) },
      timestampMilliseconds: result.timestampMilliseconds)
  }

  func sendOffsets(
    _ offsets: [PartitionOffset], membership: GroupMetadata, timeout: Duration
  ) throws(KafkaError) {
    try producer.sendOffsets(
      offsets, group: membership, timeoutMilliseconds: timeout.milliseconds)
  }

  func commitTransaction(timeout: Duration) throws(KafkaError) {
    try producer.commitTransaction(timeoutMilliseconds: timeout.milliseconds)
  }

  func abortTransaction(timeout: Duration) throws(KafkaError) {
    try producer.abortTransaction(timeoutMilliseconds: timeout.milliseconds)
  }

  func flush(timeout: Duration) throws(KafkaError) {
    try producer.flush(timeoutMilliseconds: timeout.milliseconds)
  }

  func serve() { producer.serve() }

  var queuedMessages: Int { producer.queuedMessages }

  func takeDeliveryFailure() -> DeliveryFailure? { producer.takeDeliveryFailure() }
}
