public import Foundation
internal import Kafka
public import Logging
import Synchronization
internal import System5Core
internal import System5Wire

/// Sends events to System5: each call is one CloudEvent, in the partition of its viable system,
/// and returns when the brokers have acknowledged it.
///
/// Any number of tasks may send at once; what they send goes out together. librdkafka is served by
/// a thread of the producer's own. The producer is idempotent: an event is written once, whatever
/// becomes of connections. Only a caller that tries again after an error may write one twice, and
/// does no harm where it gives the same `id`: the worker counts the second as a duplicate.
///
/// End with ``shutdown(within:)``.
public final class EventProducer: EventSender {
  private let prefix: String
  private let source: String
  private let queue: DeliveryQueue
  private let check = Mutex(EventCheck())

  /// Connects in the background.
  ///
  /// - Parameters:
  ///   - connection: where the topics are.
  ///   - source: the CloudEvents `source` of every event: who speaks, such as `/acme/queen`. 1 to
  ///     256 bytes without control characters.
  ///   - deliveryTimeout: how long an event may wait for its acknowledgement, 1 s or more.
  ///   - logger: takes what librdkafka has to say.
  /// - Throws: ``KafkaFailure`` of the kind `configuration`, or ``InvalidEvent`` for the source.
  public init(
    _ connection: Connection, source: String, deliveryTimeout: Duration = .seconds(60),
    logger: Logger = Logger(label: "system5.producer")
  ) throws {
    guard Identifier.isValid(source.utf8) else {
      throw InvalidEvent(
        code: RejectionCode.notCloudEvent.rawValue,
        message: "The source is not a string of 1 to 256 bytes without control characters.")
    }
    prefix = connection.prefix
    self.source = source
    let configuration = Self.configuration(connection, deliveryTimeout)
    do throws(ConfigurationError) {
      queue = try DeliveryQueue(configuration, watch: ClientWatch(logger: logger))
    } catch {
      throw KafkaFailure(error)
    }
  }

  deinit { queue.end(within: .zero) }

  /// Sends one event and returns once all in-sync replicas have it.
  ///
  /// Waits while librdkafka's queue is full. A task that is cancelled stops waiting: what was
  /// handed over by then may still be written.
  ///
  /// - Parameters:
  ///   - event: what happened.
  ///   - system: the viable system it is about, 1 to 128 characters of `A-Z a-z 0-9 . _ : -`.
  ///   - id: tells a second attempt from a second event. Made up unless given: a random UUID.
  ///   - time: when it happened; now unless given. The worker refuses what is more than 5 minutes
  ///     ahead of its clock.
  /// - Throws: ``InvalidEvent`` for what the worker would refuse, before anything is sent;
  ///   ``KafkaFailure`` for what was not acknowledged; ``ProducerShutDown``; `CancellationError`.
  @discardableResult
  public func send(
    _ event: some System5Event, for system: String, id: String?, time: Date?
  ) async throws -> Delivery {
    let record = EventRecord(
      try event.content, system: system, source: source, id: id ?? UUID().uuidString.lowercased(),
      time: Timestamp(time ?? Date()))
    // Whoever waits here waits microseconds.
    try check.withLock { (check) throws(InvalidEvent) in try check.check(record) }
    return try await queue.deliver(record, to: prefix + record.input.suffix)
  }

  /// Waits for what was sent to be acknowledged, but not longer than `limit`, and lets go of the
  /// connections. Sending fails from now on; what is not acknowledged by then fails too.
  public func shutdown(within limit: Duration = .seconds(10)) async {
    await queue.shutdown(within: limit)
  }

  private static func configuration(
    _ connection: Connection, _ deliveryTimeout: Duration
  ) -> ClientConfiguration {
    var result = connection.configuration
    // Each event counts by itself.
    result["transactional.id"] = nil
    result["enable.idempotence"] = "true"
    result["acks"] = "all"
    // The Java client's choice, and so that of `system5 emit`.
    result["partitioner"] = "murmur2"
    result["message.timeout.ms"] = "\(max(1_000, deliveryTimeout.milliseconds))"
    // How long a topic that seems missing is believed to be on its way to the brokers' metadata.
    result["topic.metadata.propagation.max.ms"] =
      result["topic.metadata.propagation.max.ms"] ?? "5000"
    result["message.max.bytes"] = result["message.max.bytes"] ?? "2097152"
    return result
  }
}
