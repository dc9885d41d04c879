import CRdkafka
import Kafka
import OwnThreads
import Testing

@Suite(.ownThread) struct ProducerTests {
  @Test func givesUpOnAFullQueueAfterItsTime() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic")
    cluster.silence(broker: 1)
    let producer = try cluster.producer(
      ["queue.buffering.max.messages": "2"], queueTimeoutMilliseconds: 100)
    try producer.send("a", to: "topic")
    try producer.send("b", to: "topic")
    let start = ContinuousClock.now
    let error = try #require(throws: KafkaError.self) { try producer.send("c", to: "topic") }
    #expect(error.isQueueFull)
    #expect(ContinuousClock.now - start >= .milliseconds(100))
    #expect(producer.queuedMessages >= 2)
  }

  @Test func waitsForRoomInAFullQueue() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic")
    let producer = try cluster.producer(["queue.buffering.max.messages": "2"])
    let values = (0..<50).map { "\($0)" }
    for value in values {
      try producer.produce(
        topic: "topic", key: nil, value: Array(value.utf8), headers: [Header("h", nil)])
    }
    try producer.flush(timeoutMilliseconds: 10_000)
    #expect(producer.takeDeliveryFailure() == nil)
    let reader = try cluster.reader([PartitionOffset(topic: "topic", partition: 0, offset: 0)])
    #expect(try reader.records(values.count).map(\.text) == values)
  }

  @Test func countsFailedDeliveriesAndKeepsTheFirst() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic")
    // One for each message, in case they are not sent together.
    let refusal = RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED
    cluster.push([refusal, refusal, refusal], for: .produce)
    let producer = try cluster.producer(["linger.ms": "100"])
    for _ in 0..<3 { try producer.send("a", to: "topic") }
    try producer.flush(timeoutMilliseconds: 10_000)
    let failure = try #require(producer.takeDeliveryFailure())
    #expect(failure.first.isAuthentication)
    #expect(failure.first.name == "TOPIC_AUTHORIZATION_FAILED")
    #expect(failure.count == 3)
    #expect(producer.takeDeliveryFailure() == nil)
  }

  @Test func tellsOfEachMessageThatHasATag() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic")
    let producer = try cluster.producer()
    func send(_ tag: UInt) throws {
      try producer.produce(
        topic: "topic", partition: 0, key: nil, value: Array("\(tag)".utf8), tag: tag)
      try producer.flush(timeoutMilliseconds: 10_000)
    }
    try send(7)
    try send(0)
    cluster.push([RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE], for: .produce)
    try send(8)
    try send(9)
    let reports = producer.takeDeliveryReports()
    #expect(reports.map(\.tag) == [7, 8, 9])
    #expect(reports.map(\.partition) == [0, -1, 0])
    #expect(reports.map(\.offset) == [0, -1, 2])
    #expect(reports.map { $0.error?.isMessageTooLarge } == [nil, true, nil])
    #expect(producer.takeDeliveryReports().isEmpty)
    // Its failure is told once.
    #expect(producer.takeDeliveryFailure() == nil)
  }

  @Test func refusesAMessageThatIsTooLarge() throws {
    let cluster = try MockCluster()
    let producer = try cluster.producer(["message.max.bytes": "1000"])
    let error = try #require(throws: KafkaError.self) {
      try producer.send(String(repeating: "x", count: 2_000), to: "topic")
    }
    #expect(error.isMessageTooLarge)
  }

  @Test func dropsWhatIsQueuedWhenPurgedOrLetGo() throws {
    let cluster = try MockCluster()
    cluster.silence(broker: 1)
    var producer: Producer? = try cluster.producer()
    try producer?.send("a", to: "topic")
    producer?.purge()
    try wait(for: "the report") { producer?.serve(timeoutMilliseconds: 50) ?? 0 > 0 }
    #expect(producer?.takeDeliveryFailure()?.first.name == "_PURGE_QUEUE")
    try producer?.send("b", to: "topic")
    let start = ContinuousClock.now
    producer = nil
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  @Test func timesOutWhenItCannotFlush() throws {
    let cluster = try MockCluster()
    cluster.silence(broker: 1)
    let producer = try cluster.producer()
    try producer.send("a", to: "topic")
    let error = try #require(throws: KafkaError.self) {
      try producer.flush(timeoutMilliseconds: 50)
    }
    #expect(error.isTimeout)
  }

  @Test func choosesPartitionsAsTheJavaClient() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic", partitions: 7)
    let producer = try cluster.producer(["partitioner": "murmur2_random"])
    let keys = (0..<40).map { Array("key-\($0)".utf8) }
    for key in keys {
      try producer.produce(topic: "topic", partition: Producer.anyPartition, key: key, value: key)
    }
    try producer.flush(timeoutMilliseconds: 10_000)
    let reader = try cluster.reader(
      partitions("topic", 0, 1, 2, 3, 4, 5, 6).map { PartitionOffset($0, 0) })
    for record in try reader.records(keys.count) {
      let expected = (record.key ?? []).withUnsafeBytes { Murmur2.partition($0, count: 7) }
      #expect(record.topicPartition.partition == expected)
    }
  }
}
