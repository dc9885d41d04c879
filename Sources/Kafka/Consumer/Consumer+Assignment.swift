internal import CRdkafka

/// Which partitions are read, and where.
extension Consumer {
  /// Reads exactly these partitions from these places, without a group; an empty array stops.
  /// Not to be mixed with `subscribe`.
  public func assign(_ offsets: [PartitionOffset]) throws(KafkaError) {
    try checkOpen()
    let list = PartitionList(offsets)
    try KafkaError.check(rd_kafka_assign(client.pointer, list.pointer))
  }

  /// The partitions that are assigned now, paused ones included.
  public func assignment() throws(KafkaError) -> [TopicPartition] {
    try checkOpen()
    var pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
    try KafkaError.check(rd_kafka_assignment(client.pointer, &pointer))
    guard let pointer else { return [] }
    return PartitionList(owning: pointer).partitions
  }

  /// Moves assigned partitions; what was fetched before does not come any more when this returns.
  ///
  /// Throws the first partition's error; others may have been moved then. After a timeout it is
  /// unknown which were.
  public func seek(
    _ offsets: [PartitionOffset], timeoutMilliseconds: Int
  ) throws(KafkaError) {
    try checkOpen()
    if offsets.isEmpty { return }
    let list = PartitionList(offsets)
    try KafkaError.check(
      consuming: rd_kafka_seek_partitions(
        client.pointer, list.pointer, milliseconds(timeoutMilliseconds)))
    try list.checkEach()
  }

  /// Stops the delivery of these partitions, which stay assigned; keep polling meanwhile.
  public func pause(_ partitions: [TopicPartition]) throws(KafkaError) {
    try checkOpen()
    let list = PartitionList(partitions)
    try KafkaError.check(rd_kafka_pause_partitions(client.pointer, list.pointer))
    try list.checkEach()
  }

  /// Takes the delivery of these partitions up again.
  public func resume(_ partitions: [TopicPartition]) throws(KafkaError) {
    try checkOpen()
    let list = PartitionList(partitions)
    try KafkaError.check(rd_kafka_resume_partitions(client.pointer, list.pointer))
    try list.checkEach()
  }
}
