internal import CRdkafka
import Dispatch

/// A producer, confined to one thread; transactional if `transactional.id` is set.
///
/// Delivery reports and errors are gathered within `produce` (only when the queue is full),
/// `serve`, `flush` and the transactional calls, so on the caller's thread. Call one of them at
/// least now and then. Messages that are still queued when the producer is let go are dropped.
public final class Producer {
  /// The partition number that leaves the choice to the configured `partitioner`.
  public static let anyPartition: Int32 = -1

  let client: ClientHandle
  let deliveries = DeliveryReports()
  let queueTimeout: Duration
  /// Calls that may not come back.
  let calls = DispatchQueue(label: "kafka.producer.calls")

  /// Makes a client and its threads; connects in the background. `queueTimeoutMilliseconds` is how
  /// long `produce` waits for room in a full queue.
  public init(
    configuration: ClientConfiguration, events: ClientEvents = ClientEvents(),
    queueTimeoutMilliseconds: Int = 30_000
  ) throws(ConfigurationError) {
    queueTimeout = .milliseconds(queueTimeoutMilliseconds)
    client = try ClientHandle(
      kind: RD_KAFKA_PRODUCER, configuration: configuration,
      callbacks: Callbacks(events: events, deliveries: deliveries))
  }

  /// Whoever is letting go does not want to wait for brokers: nothing may be left in the queue.
  deinit { purge() }

  /// The error that has ended this producer for good, if one has.
  public var fatalError: KafkaError? { client.fatal }

  /// How many messages, requests and reports wait for a broker or for `serve`.
  public var queuedMessages: Int { Int(rd_kafka_outq_len(client.pointer)) }

  /// Takes delivery reports and errors in, waiting up to the timeout for a first one; returns how
  /// many there were.
  @discardableResult
  public func serve(timeoutMilliseconds: Int = 0) -> Int {
    Int(rd_kafka_poll(client.pointer, milliseconds(timeoutMilliseconds)))
  }

  /// Waits until every message has been delivered or has failed; see `takeDeliveryFailure`.
  public func flush(timeoutMilliseconds: Int) throws(KafkaError) {
    try KafkaError.check(rd_kafka_flush(client.pointer, milliseconds(timeoutMilliseconds)))
  }

  /// Drops what is queued or on its way, without waiting; their reports fail with `_PURGE_QUEUE`
  /// or `_PURGE_INFLIGHT`.
  public func purge() {
    // Fails only for a consumer or unknown flags.
    _ = rd_kafka_purge(
      client.pointer,
      RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING)
  }

  /// How messages failed since this was last asked, as far as reports have been taken in. Outside
  /// of transactions this is the only sign of a message that was not delivered.
  public func takeDeliveryFailure() -> DeliveryFailure? { deliveries.take() }

  /// What became of messages with a tag since this was last asked, as far as reports have been
  /// taken in. Their failures are told here alone.
  public func takeDeliveryReports() -> [DeliveryReport] { deliveries.takeTagged() }
}
