import CRdkafka
import OwnThreads
import Testing

@testable import Kafka

/// A rebalance that arrives while a batch is being taken, which is too rare to wait for.
@Suite(.ownThread) struct DeferredRebalanceTests {
  private let partition = TopicPartition(topic: "topic", partition: 0)

  private func announce(_ code: rd_kafka_resp_err_t, to consumer: Consumer) {
    consumer.rebalances.isDeferring = true
    consumer.rebalanceArrived(code, partitions: [partition])
    consumer.rebalances.isDeferring = false
  }

  @Test func isServedByTheNextPoll() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic")
    try cluster.write(["a", "b"], to: "topic")
    let consumer = try cluster.consumer()
    let handler = Recorder()
    handler.starts = [partition: 1]

    announce(RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS, to: consumer)
    #expect(try consumer.assignment().isEmpty)
    #expect(try consumer.records(1, rebalancing: handler).map(\.text) == ["b"])
    #expect(handler.events == [.assigned([partition])])

    announce(RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS, to: consumer)
    #expect(try consumer.assignment() == [partition])
    _ = try consumer.receive(rebalancing: handler)
    #expect(handler.events.last == .revoked([partition]))
    #expect(try consumer.assignment().isEmpty)
    try consumer.close()
  }

  @Test func isServedByClose() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("topic")
    let consumer = try cluster.consumer()
    let handler = Recorder()
    announce(RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS, to: consumer)
    try consumer.close(rebalancing: handler)
    #expect(handler.events == [.revoked([partition])])
  }
}
