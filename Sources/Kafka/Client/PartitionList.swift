internal import CRdkafka

/// Owns a `rd_kafka_topic_partition_list_t`; its pointer is only lent.
struct PartitionList: ~Copyable {
  let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

  init(capacity: Int) {
    // librdkafka aborts the process rather than return nil when memory runs out.
    pointer = rd_kafka_topic_partition_list_new(Int32(clamping: capacity))
  }

  init(_ partitions: some Collection<TopicPartition>) {
    self.init(capacity: partitions.count)
    for partition in partitions { add(partition) }
  }

  init(_ offsets: some Collection<PartitionOffset>) {
    self.init(capacity: offsets.count)
    for offset in offsets { add(offset.topicPartition, offset: offset.offset) }
  }

  /// Takes ownership of a list that librdkafka has handed out.
  init(owning pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) {
    self.pointer = pointer
  }

  deinit { rd_kafka_topic_partition_list_destroy(pointer) }

  func add(_ partition: TopicPartition, offset: Int64? = nil) {
    let element = rd_kafka_topic_partition_list_add(
      pointer, partition.topic, partition.partition)
    if let offset { element?.pointee.offset = offset }
  }

  var partitions: [TopicPartition] { Self.partitions(in: pointer) }

  /// The offsets of the list, in its order, logical ones included.
  var offsets: [PartitionOffset] {
    Self.elements(of: pointer).map { PartitionOffset(TopicPartition($0), $0.offset) }
  }

  /// Throws the first error that librdkafka has noted beside a single partition.
  func checkEach() throws(KafkaError) {
    for element in Self.elements(of: pointer) where element.err != RD_KAFKA_RESP_ERR_NO_ERROR {
      let sentence = String(cString: rd_kafka_err2str(element.err))
      throw KafkaError(element.err, reason: "\(TopicPartition(element)): \(sentence)")
    }
  }

  /// The partitions of a list that somebody else owns.
  static func partitions(
    in pointer: UnsafePointer<rd_kafka_topic_partition_list_t>
  ) -> [TopicPartition] {
    elements(of: pointer).map { TopicPartition($0) }
  }

  private static func elements(
    of pointer: UnsafePointer<rd_kafka_topic_partition_list_t>
  ) -> UnsafeBufferPointer<rd_kafka_topic_partition_t> {
    UnsafeBufferPointer(start: pointer.pointee.elems, count: Int(pointer.pointee.cnt))
  }
}

extension TopicPartition {
  fileprivate init(_ element: rd_kafka_topic_partition_t) {
    self.init(topic: String(cString: element.topic), partition: element.partition)
  }
}
