public import System5Core

/// How results reach their topics.
public enum Delivery: String, Sendable, CaseIterable {
  /// Results, dead letters and consumed offsets commit in one Kafka transaction.
  case exactlyOnce = "exactly-once"
  /// Results are flushed before offsets are committed; a crash in between repeats them.
  case atLeastOnce = "at-least-once"
}

/// What a worker is to do, and how. The caller has validated it.
public struct WorkerConfiguration: Sendable {
  /// `bootstrap.servers`.
  public var brokers: String
  public var group = "system5"
  /// What every topic's name begins with.
  public var prefix = "system5."
  /// How many pipelines, each with a thread, a consumer and a producer. 1 or more.
  public var pipelines = 1
  public var delivery = Delivery.exactlyOnce
  /// A name for this process that it keeps over restarts, unique in its group: whoever comes with
  /// it ends at once the transaction that a predecessor left open. Nil: a name by chance.
  public var instance: String?
  /// Whether a process with a name keeps its partitions over a restart that is shorter than the
  /// session timeout (static membership).
  public var isStaticMember = true
  /// The longest time between the first uncommitted record and the commit, while busy.
  public var commitInterval: Duration = .milliseconds(100)
  /// The most records taken by one poll. 1 or more.
  public var maxBatch = 5_000
  /// The most results in one transaction; a single record may go beyond.
  public var maxStepResults = 20_000
  /// How many records may be applied to a shard before it is worth a checkpoint.
  public var checkpointRecords = 500_000
  /// How old a shard's checkpoint may become while records come.
  public var checkpointInterval: Duration = .seconds(300)
  public var sessionTimeout: Duration = .seconds(45)
  public var maxPollInterval: Duration = .seconds(300)
  public var transactionTimeout: Duration = .seconds(10)
  /// Start over with empty stores at the start of the log where it no longer reaches back far
  /// enough to restore what the group has committed.
  public var fromBeginning = false
  /// How much is fetched ahead of the pipeline, in KiB and for each pipeline.
  public var fetchAheadKilobytes = 65_536
  public var rules = Rules()
  /// `host:port` under which other members of the group reach this process over HTTP; nil if it
  /// serves none. They find it in the consumer's `client.id`.
  public var advertisedAddress: String?
  /// Further properties of librdkafka, for consumer and producer: security, compression and the
  /// like. None of ``ownedKafkaProperties``.
  public var kafkaProperties: [String: String] = [:]

  public init(brokers: String) { self.brokers = brokers }

  /// Properties that the worker sets itself and that ``kafkaProperties`` must not name: delivery
  /// and recovery rest on them, or they have a setting of their own.
  public static let ownedKafkaProperties: Set<String> = [
    "bootstrap.servers", "metadata.broker.list", "group.id", "group.instance.id",
    "transactional.id", "transaction.timeout.ms", "enable.idempotence", "enable.gapless.guarantee",
    "acks", "request.required.acks", "enable.auto.commit", "enable.auto.offset.store",
    "auto.offset.reset", "isolation.level", "enable.partition.eof", "session.timeout.ms",
    "max.poll.interval.ms", "queued.max.messages.kbytes", "allow.auto.create.topics",
  ]
}

extension WorkerConfiguration {
  /// How long a turn of a healthy loop may block in one call, whatever the brokers do: the longest
  /// is a plain commit, which waits for the group's coordinator and then for its answer.
  public var longestCall: Duration {
    let socketTimeout = kafkaProperties["socket.timeout.ms"].flatMap { Int($0) } ?? 60_000
    return max(
      .seconds(30), transactionTimeout + .seconds(20),
      sessionTimeout + .milliseconds(socketTimeout))
  }
}
