import Kafka
import System5Core
import System5Wire

/// What the loop needs of the world: Kafka's clients, and time.
///
/// There are two: librdkafka with the machine's clock, and the simulator's model of a broker with a
/// clock of its own. The loop cannot tell which it runs on.
package protocol Platform: Sendable {
  associatedtype Consumer: ConsumerClient
  associatedtype Producer: ProducerClient where Producer.Membership == Consumer.Membership

  var clock: any WorkerClock { get }

  func makeConsumer(
    _ configuration: ClientConfiguration, _ events: ClientEvents
  ) throws(ConfigurationError) -> Consumer

  func makeProducer(
    _ configuration: ClientConfiguration, _ events: ClientEvents
  ) throws(ConfigurationError) -> Producer

  func makeDirectory(
    _ configuration: ClientConfiguration, _ events: ClientEvents
  ) throws(ConfigurationError) -> any TopicDirectory

  func makeCheckpointStore(_ settings: CheckpointStoreSettings) -> any CheckpointStore
}

/// What a checkpoint store needs to know.
package struct CheckpointStoreSettings {
  /// For a reader that is no member of any group, and for a writer without transactions.
  package let consumer: ClientConfiguration
  package let producer: ClientConfiguration
  package let events: ClientEvents
  package let group: String
  /// The checkpoint topic of an input topic.
  package let topic: @Sendable (InputTopic) -> String
}

extension CheckpointStoreSettings {
  /// For a tool that reads and writes what the workers of a group do, without being one.
  ///
  /// - Parameter name: what the brokers see in their logs.
  package init(_ configuration: WorkerConfiguration, as name: String, events: ClientEvents) {
    let properties = ClientProperties(configuration, instance: name, pipeline: 0)
    let names = TopicNames(prefix: configuration.prefix)
    self.init(
      consumer: properties.checkpointReader, producer: properties.checkpointWriter,
      events: events, group: configuration.group, topic: { names.checkpoints(of: $0) })
  }
}

/// Time as the loop sees it: it decides when things happen, never what they are.
package protocol WorkerClock: Sendable {
  var now: ContinuousClock.Instant { get }
  /// The time of day, for telemetry alone.
  var millisecondsSinceEpoch: Int64 { get }
  func sleep(_ duration: Duration)
}

/// Answers which topics there are.
package protocol TopicDirectory {
  func topics(_ names: [String]) throws(KafkaError) -> [TopicMetadata]
}

/// A member of a consumer group. Confined to one thread; see `Kafka.Consumer`.
package protocol ConsumerClient: AnyObject {
  associatedtype Membership: GroupMembership
  associatedtype Batch: FetchedBatch

  func subscribe(_ topics: [String]) throws(KafkaError)
  /// Waits until there is something, then takes what has arrived, and serves rebalances.
  func poll(
    maxRecords: Int, timeout: Duration, owner: any PartitionOwner
  ) throws(KafkaError) -> Batch
  func membership() throws(KafkaError) -> Membership
  func committed(
    _ partitions: [TopicPartition], timeout: Duration
  ) throws(KafkaError) -> [TopicPartition: Int64]
  /// The first offset that each log still has.
  func logStarts(
    of partitions: [TopicPartition], timeout: Duration
  ) throws(KafkaError) -> [TopicPartition: Int64]
  /// What the last fetch said, without asking.
  func cachedWatermarks(of partition: TopicPartition) throws(KafkaError) -> Watermarks?
  func commit(_ offsets: [PartitionOffset]) throws(KafkaError)
  func seek(_ offsets: [PartitionOffset], timeout: Duration) throws(KafkaError)
  func pause(_ partitions: [TopicPartition]) throws(KafkaError)
  func resume(_ partitions: [TopicPartition]) throws(KafkaError)
  /// Leaves the group, serving the rebalance that this is.
  func close(owner: any PartitionOwner) throws(KafkaError)
}

/// A member's standing in its group at one moment.
package protocol GroupMembership {
  /// Whether the brokers could fence a commit made with it.
  var isMember: Bool { get }
}

/// Is told within a poll, while the group waits, that partitions come and go.
package protocol PartitionOwner: AnyObject {
  /// Ours from now on; answers where each is to start.
  func assigned(_ partitions: [TopicPartition]) throws(KafkaError) -> [PartitionOffset]
  /// Still ours, and taken away on return.
  func revoked(_ partitions: [TopicPartition]) throws(KafkaError)
  /// Perhaps another's already.
  func lost(_ partitions: [TopicPartition]) throws(KafkaError)
}

/// What one poll has brought; valid until the next.
package protocol FetchedBatch {
  func each(_ body: (borrowing Fetched) throws(Interruption) -> Void) throws(Interruption)
}

/// A record, or a signal among the records. Lent: its bytes must not outlive the call.
package struct Fetched {
  package let kind: Message.Kind
  package let partition: TopicPartition
  package let offset: Int64
  /// Empty for a signal.
  package let record: RawRecord

  package init(
    kind: Message.Kind, partition: TopicPartition, offset: Int64, record: RawRecord
  ) {
    self.kind = kind
    self.partition = partition
    self.offset = offset
    self.record = record
  }
}

/// A producer with transactions. Confined to one thread; see `Kafka.Producer`.
package protocol ProducerClient: AnyObject {
  associatedtype Membership: GroupMembership

  func initTransactions(timeout: Duration) throws(KafkaError)
  func beginTransaction() throws(KafkaError)
  func send(_ result: ResultRecord, to topic: String, _ partition: Int32) throws(KafkaError)
  func sendOffsets(
    _ offsets: [PartitionOffset], membership: Membership, timeout: Duration
  ) throws(KafkaError)
  func commitTransaction(timeout: Duration) throws(KafkaError)
  func abortTransaction(timeout: Duration) throws(KafkaError)
  func flush(timeout: Duration) throws(KafkaError)
  /// Takes delivery reports in, without waiting.
  func serve()
  /// How many messages and reports wait for a broker or for ``serve()``.
  var queuedMessages: Int { get }
  func takeDeliveryFailure() -> DeliveryFailure?
}
