import Kafka
import OwnThreads
import Testing

@Suite(.ownThread) struct RoundTripTests {
  @Test func keepsNilEmptyAndPresentApart() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic")
    let headers = [
      Header("empty", []), Header("absent", nil), Header("text", text: "value"),
      Header("text", text: "again"),
    ]
    let producer = try cluster.producer()
    let contents: [(key: [UInt8]?, value: [UInt8]?, headers: [Header])] = [
      (nil, nil, []), ([], [], []), ([0, 255], [1, 2, 3], headers), (nil, [], []), ([7], nil, []),
    ]
    for content in contents {
      try producer.produce(
        topic: "topic", key: content.key, value: content.value, headers: content.headers,
        timestampMilliseconds: 1_700_000_000_123)
    }
    try producer.flush(timeoutMilliseconds: 10_000)
    #expect(producer.takeDeliveryFailure() == nil)

    let reader = try cluster.reader([PartitionOffset(topic: "topic", partition: 0, offset: 0)])
    let records = try reader.records(contents.count)
    for (index, (record, content)) in zip(records, contents).enumerated() {
      #expect(record.topicPartition == TopicPartition(topic: "topic", partition: 0))
      #expect(record.offset == Int64(index))
      #expect(record.key == content.key)
      #expect(record.value == content.value)
      #expect(record.headers == content.headers)
      #expect(record.timestampMilliseconds == 1_700_000_000_123)
    }
  }

  @Test func signalsTheEndOfAPartition() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic", partitions: 2)
    try cluster.write(["a", "b"], to: "topic", partition: 0)
    let reader = try cluster.reader(
      partitions("topic", 0, 1).map { PartitionOffset($0, LogicalOffset.beginning) })
    var ends: [TopicPartition: Int64] = [:]
    var values: [String] = []
    try wait(for: "the ends") {
      for message in try reader.receive() {
        switch message.kind {
        case .record: values.append(message.text)
        case .endOfPartition:
          ends[message.topicPartition] = message.offset
          #expect(message.value == nil)
        case .failure(let error): Issue.record(error)
        }
      }
      return ends.count == 2
    }
    #expect(ends == [partitions("topic", 0)[0]: 2, partitions("topic", 1)[0]: 0])
    #expect(values == ["a", "b"])
  }

  @Test func tellsOfAnOffsetThatIsGone() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic")
    let reader = try cluster.reader(
      [PartitionOffset(topic: "topic", partition: 0, offset: 99)], ["auto.offset.reset": "error"])
    var failure: KafkaError?
    try wait(for: "the failure") {
      for message in try reader.receive() {
        if case .failure(let error) = message.kind {
          failure = error
          #expect(message.topicPartition == TopicPartition(topic: "topic", partition: 0))
        }
      }
      return failure != nil
    }
    #expect(failure?.isOffsetGone == true)
    #expect(failure?.reason.isEmpty == false)
  }
}
