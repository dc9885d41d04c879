import Kafka

/// What a group of workers has committed.
enum GroupOffsets {
  /// The committed offsets; a partition without a commit is not in the answer. Waits for open
  /// transactions, so all results of records below them are there to be read.
  static func committed(
    by group: String, of partitions: [TopicPartition], _ settings: Settings
  ) throws -> [TopicPartition: Int64] {
    let troubles = ClientTroubles()
    var configuration = try settings.readerConfiguration()
    configuration["group.id"] = group
    let consumer = try Consumer(configuration: configuration, events: troubles.events)
    let committed = try troubles.explaining("asking for the offsets of group \(group)") {
      () throws(KafkaError) in
      try consumer.committed(partitions, timeoutMilliseconds: 30_000)
    }
    try consumer.close()
    return committed
  }

  /// Commits offsets for a group without joining it, which works only while it has no members.
  static func commit(
    _ offsets: [PartitionOffset], by group: String, _ settings: Settings
  ) throws {
    let troubles = ClientTroubles()
    var configuration = try settings.readerConfiguration()
    configuration["group.id"] = group
    let consumer = try Consumer(configuration: configuration, events: troubles.events)
    try troubles.explaining("setting the offsets of group \(group)") { () throws(KafkaError) in
      try consumer.commit(offsets)
    }
    try consumer.close()
  }
}
