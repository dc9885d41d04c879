internal import CRdkafka

/// A consumer, confined to one thread: the one that polls makes every other call too.
///
/// It follows its configuration in all things; whoever keeps offsets themselves sets
/// `enable.auto.commit` and `enable.auto.offset.store` to `false`. `group.id` must be set even if
/// partitions are only assigned by hand, since librdkafka keeps assignments in its group object.
///
/// End with `close`, which leaves the group. A consumer that is let go without it is freed, but
/// the group learns of it only when the session times out.
public final class Consumer {
  let client: ClientHandle
  let queue: OpaquePointer
  let topics: TopicNames
  var buffer: BatchBuffer?
  var rebalances = RebalanceQueue()

  /// Whether `close` has been called; every other call fails from then on.
  public internal(set) var isClosed = false

  /// Makes a client and its threads; connects in the background.
  public init(
    configuration: ClientConfiguration, events: ClientEvents = ClientEvents()
  ) throws(ConfigurationError) {
    let callbacks = Callbacks(events: events)
    client = try ClientHandle(
      kind: RD_KAFKA_CONSUMER, configuration: configuration, callbacks: callbacks)
    client.destroyFlags = RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE
    // Errors and rebalances then arrive in the one queue that `poll` reads.
    rd_kafka_poll_set_consumer(client.pointer)
    guard let queue = rd_kafka_queue_get_consumer(client.pointer) else {
      throw ConfigurationError(
        property: "group.id", reason: "a consumer needs \"group.id\", even without a group")
    }
    self.queue = queue
    topics = TopicNames(client: client)
    callbacks.consumer = self
  }

  deinit { rd_kafka_queue_destroy(queue) }

  /// The error that has ended this consumer for good, if one has.
  public var fatalError: KafkaError? { client.fatal }

  /// Joins the group with these topics; partitions come through the polls that follow. A name
  /// that begins with `^` is a pattern.
  public func subscribe(_ topics: [String]) throws(KafkaError) {
    try checkOpen()
    let list = PartitionList(topics.map { TopicPartition(topic: $0, partition: -1) })
    try KafkaError.check(rd_kafka_subscribe(client.pointer, list.pointer))
  }

  /// Leaves the group; its partitions are revoked through the polls that follow.
  public func unsubscribe() throws(KafkaError) {
    try checkOpen()
    try KafkaError.check(rd_kafka_unsubscribe(client.pointer))
  }

  /// The group's view of this member, for `Producer.sendOffsets`; take it anew after each poll.
  public func groupMetadata() throws(KafkaError) -> GroupMetadata {
    try checkOpen()
    guard let metadata = rd_kafka_consumer_group_metadata(client.pointer) else {
      throw KafkaError(RD_KAFKA_RESP_ERR__UNKNOWN_GROUP)
    }
    return try GroupMetadata(owning: metadata)
  }

  func checkOpen() throws(KafkaError) {
    if isClosed { throw KafkaError(RD_KAFKA_RESP_ERR__STATE, reason: "The consumer is closed") }
  }
}
