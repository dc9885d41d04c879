import CRdkafka
import Kafka
import OwnThreads
import Testing

@Suite(.ownThread) struct OffsetTests {
  private let partition = TopicPartition(topic: "topic", partition: 0)

  private func cluster(_ count: Int) throws -> MockCluster {
    let cluster = try MockCluster()
    try cluster.createTopic("topic", partitions: 2)
    try cluster.write((0..<count).map { "\($0)" }, to: "topic")
    return cluster
  }

  @Test func remembersWhatIsCommitted() throws {
    let cluster = try cluster(3)
    let consumer = try cluster.consumer()
    let all = partitions("topic", 0, 1)
    #expect(try consumer.committed(all, timeoutMilliseconds: 10_000) == [:])
    try consumer.commit([PartitionOffset(partition, 2)])
    #expect(try consumer.committed(all, timeoutMilliseconds: 10_000) == [partition: 2])
    try consumer.commit([])
    #expect(try consumer.committed([], timeoutMilliseconds: 10_000) == [:])
  }

  @Test(arguments: [RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID])
  func throwsWhenACommitIsFenced(code: rd_kafka_resp_err_t) throws {
    let cluster = try cluster(3)
    let consumer = try cluster.consumer()
    cluster.push([code], for: .offsetCommit)
    let error = try #require(throws: KafkaError.self) {
      try consumer.commit([PartitionOffset(partition, 2)])
    }
    #expect(error.isFenced)
    #expect(error.code == code.rawValue)
    #expect(try consumer.committed([partition], timeoutMilliseconds: 10_000) == [:])
  }

  @Test func findsCoordinatorsAnew() throws {
    let cluster = try cluster(3)
    let consumer = try cluster.consumer()
    cluster.push(
      [RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE],
      for: .offsetCommit)
    try wait(for: "the commit") {
      do throws(KafkaError) {
        try consumer.commit([PartitionOffset(partition, 2)])
        return true
      } catch {
        #expect(!error.isFenced && !error.isFatal)
        return false
      }
    }
    #expect(try consumer.committed([partition], timeoutMilliseconds: 10_000) == [partition: 2])
  }

  @Test func seeksBackAndForth() throws {
    let cluster = try cluster(5)
    let reader = try cluster.reader([PartitionOffset(partition, 0)])
    #expect(try reader.records(5).map(\.text) == ["0", "1", "2", "3", "4"])
    try reader.seek([PartitionOffset(partition, 1)], timeoutMilliseconds: 60_000)
    #expect(try reader.records(4).map(\.text) == ["1", "2", "3", "4"])
    try reader.seek([PartitionOffset(partition, 4)], timeoutMilliseconds: 60_000)
    #expect(try reader.records(1).map(\.text) == ["4"])
    try reader.seek([], timeoutMilliseconds: 60_000)
    let other = TopicPartition(topic: "other", partition: 0)
    #expect(throws: KafkaError.self) {
      try reader.seek([PartitionOffset(other, 0)], timeoutMilliseconds: 60_000)
    }
  }

  @Test func seeksRightAfterAnAssignment() throws {
    let cluster = try cluster(5)
    let reader = try cluster.reader([PartitionOffset(partition, 0)])
    try reader.seek([PartitionOffset(partition, 3)], timeoutMilliseconds: 10_000)
    #expect(try reader.records(2).map(\.text) == ["3", "4"])
  }

  @Test func pausesAndResumes() throws {
    let cluster = try cluster(2)
    try cluster.write(["other"], to: "topic", partition: 1)
    let both = partitions("topic", 0, 1)
    let reader = try cluster.reader(both.map { PartitionOffset($0, 0) })
    try reader.pause([both[0]])
    #expect(try reader.records(1).map(\.text) == ["other"])
    #expect(try reader.assignment().sorted() == both)
    let quiet = try (0..<4).flatMap { _ in try reader.receive() }
    #expect(quiet.filter { $0.kind == .record }.isEmpty)
    try reader.resume([both[0]])
    #expect(try reader.records(2).map(\.text) == ["0", "1"])
  }

  @Test func knowsTheWatermarks() throws {
    let cluster = try cluster(3)
    let reader = try cluster.reader([PartitionOffset(partition, 0)])
    let asked = try reader.watermarks(of: partition, timeoutMilliseconds: 10_000)
    #expect(asked == Watermarks(low: 0, high: 3))
    _ = try reader.records(3)
    #expect(try reader.cachedWatermarks(of: partition)?.high == 3)
    #expect(try reader.cachedWatermarks(of: partitions("nowhere", 7)[0]) == nil)
    let error = try #require(throws: KafkaError.self) {
      try reader.watermarks(of: partitions("nowhere", 7)[0], timeoutMilliseconds: 2_000)
    }
    #expect(error.isUnknownTopic || error.isTimeout)
  }

  @Test func tellsOfATopicThatIsNotThere() throws {
    let cluster = try cluster(0)
    cluster.setError(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, ofTopic: "gone")
    let consumer = try cluster.consumer()
    try consumer.subscribe(["gone"])
    let failure = try firstFailure(of: consumer)
    #expect(failure.error.isUnknownTopic)
    #expect(failure.topicPartition.topic == "gone")
    try consumer.close()
  }

  private func firstFailure(
    of consumer: Consumer
  ) throws -> (error: KafkaError, topicPartition: TopicPartition) {
    var found: (KafkaError, TopicPartition)?
    try wait(for: "the failure") {
      for message in try consumer.receive() {
        if case .failure(let error) = message.kind { found = (error, message.topicPartition) }
      }
      return found != nil
    }
    return try #require(found)
  }

  @Test func closesWithoutAGroup() throws {
    let cluster = try cluster(1)
    let reader = try cluster.reader([PartitionOffset(partition, 0)])
    _ = try reader.records(1)
    #expect(try reader.assignment() == [partition])
    try reader.assign([])
    #expect(try reader.assignment().isEmpty)
    try reader.close()
    #expect(reader.isClosed)
  }
}
