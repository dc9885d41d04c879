internal import CRdkafka

/// What the brokers know of offsets.
extension Consumer {
  /// Commits these offsets for the group and waits for the answer; each is the offset of the next
  /// record to read. Throws the first error, the group's or a single partition's.
  public func commit(_ offsets: [PartitionOffset]) throws(KafkaError) {
    try checkOpen()
    if offsets.isEmpty { return }
    let list = PartitionList(offsets)
    let code = rd_kafka_commit(client.pointer, list.pointer, 0)
    try list.checkEach()
    try KafkaError.check(code)
  }

  /// The group's committed offsets; a partition without a commit is not in the answer. With
  /// `isolation.level=read_committed`, waits for open transactions that hold offsets.
  public func committed(
    _ partitions: [TopicPartition], timeoutMilliseconds: Int
  ) throws(KafkaError) -> [TopicPartition: Int64] {
    try checkOpen()
    if partitions.isEmpty { return [:] }
    let list = PartitionList(partitions)
    try KafkaError.check(
      rd_kafka_committed(client.pointer, list.pointer, milliseconds(timeoutMilliseconds)))
    try list.checkEach()
    return list.offsetsPresent
  }

  /// Asks the partition's leader for its first and its next offset; with
  /// `isolation.level=read_committed` the next offset is that of the last stable record.
  public func watermarks(
    of partition: TopicPartition, timeoutMilliseconds: Int
  ) throws(KafkaError) -> Watermarks {
    try checkOpen()
    var low: Int64 = 0
    var high: Int64 = 0
    try KafkaError.check(
      rd_kafka_query_watermark_offsets(
        client.pointer, partition.topic, partition.partition, &low, &high,
        milliseconds(timeoutMilliseconds)))
    return Watermarks(low: low, high: high)
  }

  /// What the last fetch said of an assigned partition, without asking; `nil` before there was a
  /// fetch. `low` may be missing for longer, and is then -1.
  public func cachedWatermarks(of partition: TopicPartition) throws(KafkaError) -> Watermarks? {
    try checkOpen()
    var low: Int64 = 0
    var high: Int64 = 0
    let code = rd_kafka_get_watermark_offsets(
      client.pointer, partition.topic, partition.partition, &low, &high)
    if code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION { return nil }
    try KafkaError.check(code)
    return high < 0 ? nil : Watermarks(low: max(low, -1), high: high)
  }

  /// The offset of the first record of each partition at or after `time`, in milliseconds since
  /// 1970; a partition without such a record is not in the answer.
  public func offsets(
    of partitions: [TopicPartition], forTime time: Int64, timeoutMilliseconds: Int
  ) throws(KafkaError) -> [TopicPartition: Int64] {
    try checkOpen()
    if partitions.isEmpty { return [:] }
    let list = PartitionList(partitions.map { PartitionOffset($0, time) })
    try KafkaError.check(
      rd_kafka_offsets_for_times(
        client.pointer, list.pointer, milliseconds(timeoutMilliseconds)))
    try list.checkEach()
    return list.offsetsPresent
  }
}

extension PartitionList {
  /// The offsets that are places in the log, not logical ones.
  fileprivate var offsetsPresent: [TopicPartition: Int64] {
    var result: [TopicPartition: Int64] = [:]
    for offset in offsets where offset.offset >= 0 {
      result[offset.topicPartition] = offset.offset
    }
    return result
  }
}
