import CRdkafka
import Kafka
import OwnThreads
import Testing

/// The mock cluster answers as a coordinator does, but keeps neither the offsets of a transaction
/// nor what was aborted apart: what is committed is tried against a real broker.
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
    let reader = try cluster.reader([PartitionOffset(topic: "output", partition: 0, offset: 0)])
    #expect(try reader.records(3).map(\.text) == ["1", "2", "3"])
  }

  @Test func abortsAndGoesOn() throws {
    let cluster = try makeCluster()
    let consumer = try cluster.consumer()
    let producer = try cluster.transactionalProducer(["linger.ms": "2000"])
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
    let reader = try cluster.reader([PartitionOffset(topic: "output", partition: 0, offset: 0)])
    #expect(try reader.records(1).map(\.text) == ["a"])
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
    #expect(producer.takeDeliveryFailure()?.first.name == "INVALID_RECORD")
    try producer.abortTransaction(timeoutMilliseconds: 10_000)
    #expect(producer.takeDeliveryFailure() == nil)
    // The sequence numbers may be off after that, which takes one more abort.
    var isCommitted = false
    for _ in 0..<2 where !isCommitted { isCommitted = try commitsAnother(producer) }
    #expect(isCommitted)
  }

  private func commitsAnother(_ producer: Producer) throws -> Bool {
    do throws(KafkaError) {
      try producer.beginTransaction()
      try producer.send("b", to: "output")
      try producer.commitTransaction(timeoutMilliseconds: 10_000)
      return true
    } catch {
      #expect(error.requiresAbort)
      try producer.abortTransaction(timeoutMilliseconds: 10_000)
      return false
    }
  }

  @Test func needsAnAbortWhenATopicIsRefused() throws {
    let cluster = try makeCluster()
    let producer = try cluster.transactionalProducer()
    cluster.push([RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED], for: .addPartitionsToTxn)
    try producer.beginTransaction()
    try producer.send("a", to: "input")
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

  @Test func doesNotKnowTheOutcomeWhenTheBrokerIsSilent() throws {
    let cluster = try makeCluster()
    let producer = try cluster.transactionalProducer()
    try producer.beginTransaction()
    try producer.send("a", to: "output")
    try producer.flush(timeoutMilliseconds: 10_000)
    cluster.silence(broker: 1)
    let error = try #require(throws: KafkaError.self) {
      try producer.commitTransaction(timeoutMilliseconds: 300)
    }
    #expect(error.isTimeout)
    #expect(!error.isFatal)
    cluster.unsilence(broker: 1)
    try producer.commitTransaction(timeoutMilliseconds: 15_000)
  }

  @Test func timesOutWhenNoCoordinatorAnswers() throws {
    let cluster = try makeCluster()
    cluster.silence(broker: 1)
    let producer = try cluster.producer(["transactional.id": "test"])
    let error = try #require(throws: KafkaError.self) {
      try producer.initTransactions(timeoutMilliseconds: 200)
    }
    #expect(error.isTimeout)
    #expect(error.isRetriable)
  }

  /// librdkafka's own call would not come back while the group's coordinator is silent.
  @Test(.timeLimit(.minutes(1))) func givesUpSendingOffsetsWhenTheGroupsCoordinatorIsSilent() throws
  {
    let cluster = try makeCluster(brokers: 2)
    cluster.setTransactionCoordinator(of: "test", broker: 1)
    cluster.setGroupCoordinator(of: "group", broker: 2)
    let consumer = try cluster.consumer()
    let group = try consumer.groupMetadata()
    let producer = try cluster.transactionalProducer()
    try producer.beginTransaction()
    cluster.silence(broker: 2)
    let error = try #require(throws: KafkaError.self) {
      try producer.sendOffsets(
        [PartitionOffset(partition, 1)], group: group, timeoutMilliseconds: 500)
    }
    #expect(error.isTimeout)
  }
}
