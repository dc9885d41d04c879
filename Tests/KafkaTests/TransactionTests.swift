import CRdkafka
import Kafka
import Testing

@Suite(.ownThread) struct TransactionTests {
  private let partition = TopicPartition(topic: "input", partition: 0)

  private func makeCluster(brokers: Int32 = 1) throws -> MockCluster {
    let cluster = try MockCluster(brokers: brokers)
    try cluster.createTopic("input")
    try cluster.createTopic("output")
    return cluster
  }

  @Test func commitsRecordsAndOffsets() throws {
    let cluster = try makeCluster()
    let consumer = try cluster.consumer()
    let producer = try cluster.transactionalProducer()
    for round in Int64(1)...3 {
      try producer.beginTransaction()
      try producer.send("\(round)", to: "output")
      try producer.sendOffsets(
        [PartitionOffset(partition, round)], group: consumer.groupMetadata(),
        timeoutMilliseconds: 10_000)
      try producer.commitTransaction(timeoutMilliseconds: -1)
    }
    #expect(try consumer.committed([partition], timeoutMilliseconds: 10_000) == [partition: 3])
    let reader = try cluster.reader([PartitionOffset(topic: "output", partition: 0, offset: 0)])
    #expect(try reader.records(3).map(\.text) == ["1", "2", "3"])
  }

  /// The mock cluster knows no aborted records; what it can show is that nothing is committed.
  @Test func abortsAndGoesOn() throws {
    let cluster = try makeCluster()
    let consumer = try cluster.consumer()
    let producer = try cluster.transactionalProducer(["linger.ms": "10000"])
    try producer.beginTransaction()
    try producer.send("aborted", to: "output")
    try producer.abortTransaction(timeoutMilliseconds: -1)
    #expect(producer.queuedMessages == 0)
    #expect(producer.takeDeliveryFailure() == nil)
    #expect(try consumer.committed([partition], timeoutMilliseconds: 10_000) == [:])

    try producer.beginTransaction()
    try producer.send("committed", to: "output")
    try producer.commitTransaction(timeoutMilliseconds: -1)
    let reader = try cluster.reader([PartitionOffset(topic: "output", partition: 0, offset: 0)])
    #expect(try reader.records(1).map(\.text) == ["committed"])
  }

  @Test func refusesCallsOutOfOrder() throws {
    let cluster = try makeCluster()
    let producer = try cluster.transactionalProducer()
    let error = try #require(throws: KafkaError.self) { try producer.send("a", to: "output") }
    #expect(error.isWrongState)
    try producer.beginTransaction()
    #expect(throws: KafkaError.self) { try producer.beginTransaction() }
    let plain = try cluster.producer()
    #expect(throws: KafkaError.self) { try plain.initTransactions(timeoutMilliseconds: 1_000) }
  }

  @Test(arguments: [
    MockCluster.Request.endTxn, .addOffsetsToTxn, .addPartitionsToTxn, .txnOffsetCommit,
  ])
  func getsOverPassingErrors(request: MockCluster.Request) throws {
    let cluster = try makeCluster()
    let consumer = try cluster.consumer()
    let producer = try cluster.transactionalProducer()
    cluster.push(
      [
        RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
        RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
      ], for: request)
    try producer.beginTransaction()
    try producer.send("a", to: "output")
    try producer.sendOffsets(
      [PartitionOffset(partition, 1)], group: consumer.groupMetadata(),
      timeoutMilliseconds: 10_000)
    try producer.commitTransaction(timeoutMilliseconds: 10_000)
    #expect(try consumer.committed([partition], timeoutMilliseconds: 10_000) == [partition: 1])
  }

  @Test func followsItsCoordinator() throws {
    let cluster = try makeCluster(brokers: 2)
    cluster.setTransactionCoordinator(of: "test", broker: 1)
    let producer = try cluster.transactionalProducer()
    for broker in [Int32(2), 1] {
      cluster.setTransactionCoordinator(of: "test", broker: broker)
      try producer.beginTransaction()
      try producer.send("\(broker)", to: "output")
      try producer.commitTransaction(timeoutMilliseconds: 10_000)
    }
    let reader = try cluster.reader([PartitionOffset(topic: "output", partition: 0, offset: 0)])
    #expect(try reader.records(2).map(\.text) == ["2", "1"])
  }

  @Test func needsAnAbortWhenAMessageFails() throws {
    let cluster = try makeCluster()
    let producer = try cluster.transactionalProducer()
    cluster.push([RD_KAFKA_RESP_ERR_INVALID_RECORD], for: .produce)
    try producer.beginTransaction()
    try producer.send("a", to: "output")
    let error = try #require(throws: KafkaError.self) {
      try producer.commitTransaction(timeoutMilliseconds: 10_000)
    }
    #expect(error.requiresAbort)
    #expect(!error.isFatal)
    try producer.abortTransaction(timeoutMilliseconds: 10_000)
    #expect(producer.takeDeliveryFailure() == nil)
    try producer.beginTransaction()
    try producer.send("b", to: "output")
    try producer.commitTransaction(timeoutMilliseconds: 10_000)
  }

  @Test(arguments: [
    RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
    RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID,
  ])
  func needsAnAbortWhenOffsetsAreFenced(code: rd_kafka_resp_err_t) throws {
    let cluster = try makeCluster()
    let consumer = try cluster.consumer()
    let producer = try cluster.transactionalProducer()
    cluster.push([code], for: .txnOffsetCommit)
    try producer.beginTransaction()
    try producer.send("a", to: "output")
    let group = try consumer.groupMetadata()
    let error = try #require(throws: KafkaError.self) {
      try producer.sendOffsets(
        [PartitionOffset(partition, 1)], group: group, timeoutMilliseconds: 10_000)
    }
    #expect(error.requiresAbort)
    #expect(error.isFenced)
    #expect(!error.isFatal)
    try producer.abortTransaction(timeoutMilliseconds: 10_000)
    #expect(try consumer.committed([partition], timeoutMilliseconds: 10_000) == [:])
  }

  @Test(arguments: [
    RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, RD_KAFKA_RESP_ERR_PRODUCER_FENCED,
  ])
  func isOverWhenFenced(code: rd_kafka_resp_err_t) throws {
    let cluster = try makeCluster()
    let producer = try cluster.transactionalProducer()
    cluster.push([code], for: .endTxn)
    try producer.beginTransaction()
    try producer.send("a", to: "output")
    let error = try #require(throws: KafkaError.self) {
      try producer.commitTransaction(timeoutMilliseconds: 10_000)
    }
    #expect(error.isFatal)
    #expect(!error.requiresAbort)
    #expect(producer.fatalError?.isFenced == true)
    let next = try #require(throws: KafkaError.self) { try producer.beginTransaction() }
    #expect(next.isFatal)
  }

  @Test func doesNotKnowTheOutcomeWhenTheBrokerIsGone() throws {
    let cluster = try makeCluster()
    let producer = try cluster.transactionalProducer()
    try producer.beginTransaction()
    try producer.send("a", to: "output")
    try producer.flush(timeoutMilliseconds: 10_000)
    cluster.setDown(broker: 1)
    let error = try #require(throws: KafkaError.self) {
      try producer.commitTransaction(timeoutMilliseconds: 300)
    }
    #expect(error.isTimeout)
    #expect(!error.isFatal)
    cluster.setUp(broker: 1)
    try producer.commitTransaction(timeoutMilliseconds: 15_000)
  }

  @Test func timesOutWhenThereIsNoCoordinator() throws {
    let cluster = try makeCluster()
    cluster.setDown(broker: 1)
    let producer = try cluster.producer(["transactional.id": "test"])
    let error = try #require(throws: KafkaError.self) {
      try producer.initTransactions(timeoutMilliseconds: 200)
    }
    #expect(error.isTimeout)
    #expect(error.isRetriable)
  }
}
