internal import Kafka
public import Logging
import Synchronization

/// The kinds of results, each a topic.
public enum ResultTopic: String, Sendable, Hashable, CaseIterable {
  case patterns, alerts
  case gapAnalyses = "gap-analyses"
}

/// How results are to be read.
public struct ResultOptions: Sendable {
  /// Where a group that has never committed begins.
  public enum Start: String, Sendable {
    case earliest, latest
  }

  /// Consumers of one group share the results; each has a name of its own for its offsets.
  public var group: String
  /// At least one.
  public var topics: Set<ResultTopic> = Set(ResultTopic.allCases)
  public var start = Start.earliest
  /// How often what is handled is committed.
  public var commitInterval: Duration = .seconds(5)
  /// After so long without a sign of life the group gives the partitions to others.
  public var sessionTimeout: Duration = .seconds(45)
  /// How many results may wait to be handled; 1 or more. Beyond it nothing more is fetched.
  public var buffer = 1_000
  /// How many ids of each partition are remembered, to drop results that come again; 1 or more.
  public var repeatWindow = 20_000

  public init(group: String) { self.group = group }
}

/// Receives results as a member of a consumer group.
///
/// Only committed results are read (`read_committed`). A result counts as handled when the next
/// one is asked for, or with ``acknowledge()``; only then may its offset be committed. So every
/// result is handled at least once: whoever crashes, or loses a partition to another member, with
/// a result in hand or not committed yet will see it, or another member will. Results with an id
/// that was seen lately in their partition are dropped; this window is in memory, so a result that
/// must not be acted on twice after a restart is told by its ``ResultEvent/id``.
///
/// A thread of the consumer's own polls, however long a result is in hand: it is no reason to lose
/// the place in the group. End with ``shutdown()``.
public final class ResultConsumer: Sendable {
  private let inbox = Inbox()
  private let stop = StopHandle()
  private let ended = ThreadEnd()

  /// Joins the group in the background.
  ///
  /// - Throws: ``KafkaFailure`` of the kind `configuration`.
  public init(
    _ connection: Connection, _ options: ResultOptions,
    logger: Logger = Logger(label: "system5.consumer")
  ) throws(KafkaFailure) {
    let watch = ClientWatch(logger: logger)
    let first: Mutex<Consumer?>
    do throws(ConfigurationError) {
      let consumer = try Consumer(
        configuration: Self.configuration(connection, options), events: watch.events)
      first = Mutex(consumer)
    } catch {
      throw KafkaFailure(error)
    }
    let topics = options.topics.map { connection.prefix + $0.rawValue }.sorted()
    OwnThread.start(named: "system5-consumer") { [inbox, stop, ended] in
      let taken = first.withLock { (consumer: inout Consumer?) -> sending Consumer? in
        let taken = consumer
        consumer = nil
        return taken
      }
      guard let taken else { return }
      ConsumerLoop(
        taken, options, topics: topics, inbox: inbox, watch: watch, logger: logger
      ).run(until: stop)
      ended.signal()
    }
  }

  deinit { stop.request() }

  /// The results as they are committed, those of a partition in their order. For one task at a
  /// time; it ends with ``shutdown()`` or when the task is cancelled.
  public var results: Results { Results(consumer: self) }

  /// Marks the result that was given last as handled, without asking for the next.
  public func acknowledge() { inbox.acknowledge() }

  func next() async throws -> ResultEvent? { try await inbox.next() }

  /// Commits what is handled, leaves the group and ends the sequence. What was not handled comes
  /// again next time.
  public func shutdown() async {
    stop.request()
    await ended.wait()
  }

  private static func configuration(
    _ connection: Connection, _ options: ResultOptions
  ) -> ClientConfiguration {
    var result = connection.configuration
    result["group.id"] = options.group
    result["partition.assignment.strategy"] =
      result["partition.assignment.strategy"] ?? "cooperative-sticky"
    result["enable.auto.commit"] = "false"
    result["enable.auto.offset.store"] = "false"
    result["auto.offset.reset"] = options.start.rawValue
    result["isolation.level"] = "read_committed"
    result["allow.auto.create.topics"] = "false"
    let timeout = options.sessionTimeout.milliseconds
    result["session.timeout.ms"] = "\(timeout)"
    result["heartbeat.interval.ms"] =
      result["heartbeat.interval.ms"] ?? "\(max(1, min(3_000, timeout / 3)))"
    result["max.poll.interval.ms"] = "\(max(300_000, timeout))"
    return result
  }
}

/// Results as they come. Each call of the iterator's `next()` marks the result before as handled.
public struct Results: AsyncSequence, Sendable {
  public typealias Element = ResultEvent

  /// Kept, so that it does not stop while there is somebody who reads.
  let consumer: ResultConsumer

  public func makeAsyncIterator() -> Iterator { Iterator(consumer: consumer) }

  public struct Iterator: AsyncIteratorProtocol {
    let consumer: ResultConsumer

    /// The next result; nil after a shutdown or when the task is cancelled.
    ///
    /// - Throws: ``KafkaFailure`` where no more results can be had, such as without the right to;
    ///   ``ResultsInUse``.
    public mutating func next() async throws -> ResultEvent? { try await consumer.next() }
  }
}
