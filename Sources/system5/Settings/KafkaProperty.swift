import Kafka

/// Which properties of librdkafka may be set under `kafka.`, and which of them are secrets.
enum KafkaProperty {
  static let prefix = "kafka."
  private static let fileSuffix = ".file"

  /// What correctness rests on, and what has a setting of its own.
  static let owned: [String: String] = [
    "bootstrap.servers": "use `brokers`",
    "metadata.broker.list": "use `brokers`",
    "group.id": "use `group`",
    "group.instance.id": "use `instance`",
    "session.timeout.ms": "use `session.timeout.ms`",
    "max.poll.interval.ms": "use `max.poll.interval.ms`",
    "transaction.timeout.ms": "use `transaction.timeout.ms`",
    "queued.max.messages.kbytes": "use `fetch.ahead.kilobytes`",
    "allow.auto.create.topics": "`system5 topics apply` creates topics",
    "enable.gapless.guarantee": "System5 never writes twice",
    "transactional.id": "it follows from `group` and `instance`",
    "enable.auto.commit": "System5 commits by itself",
    "auto.commit.interval.ms": "System5 commits by itself",
    "enable.auto.offset.store": "System5 keeps offsets by itself",
    "auto.offset.reset": "System5 never jumps",
    "isolation.level": "System5 reads what is committed",
    "enable.idempotence": "System5 never writes twice",
    "enable.partition.eof": "System5 needs it",
    "partition.assignment.strategy": "System5 needs the cooperative one",
    "partitioner": "System5 partitions with murmur2",
    "acks": "System5 waits for all",
    "request.required.acks": "System5 waits for all",
    "plugin.library.paths": "System5 loads no code",
  ]

  /// Why `key`, which begins with the prefix, is not a setting; nil if it is.
  static func complaint(about key: String) -> String? {
    let name = String(key.dropFirst(prefix.count))
    if let reason = owned[name] { return "\(key) is not yours to set: \(reason)" }
    if Librdkafka.knows(property: property(of: key)) { return nil }
    return "\(key) is unknown to librdkafka \(Librdkafka.version)"
  }

  /// The property's name, for its value or for the file that holds it.
  static func property(of key: String) -> String {
    let name = String(key.dropFirst(prefix.count))
    return isFile(key) ? String(name.dropLast(fileSuffix.count)) : name
  }

  /// Whether the value names a file with the secret, in place of being it.
  static func isFile(_ key: String) -> Bool {
    key.hasSuffix(fileSuffix) && holdsSecret(String(key.dropLast(fileSuffix.count)))
  }

  static func isSecret(_ key: String) -> Bool { !isFile(key) && holdsSecret(key) }

  private static func holdsSecret(_ key: String) -> Bool { Librdkafka.isSecret(property: key) }
}
