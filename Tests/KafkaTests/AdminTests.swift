import CRdkafka
import Kafka
import OwnThreads
import Testing

/// The mock cluster answers metadata requests only; the others are tried against a real broker.
@Suite(.ownThread) struct AdminTests {
  @Test func describesTopicsAndCreatesNone() throws {
    let cluster = try MockCluster()
    try cluster.createTopic("one", partitions: 3)
    try cluster.createTopic("two", partitions: 1)
    let admin = try cluster.admin()
    let asked = try admin.topics(["two", "none", "one"], timeoutMilliseconds: 10_000)
    #expect(asked.map(\.name) == ["two", "none", "one"])
    #expect(asked.map(\.partitionCount) == [1, 0, 3])
    #expect(asked.map { $0.error?.isUnknownTopic } == [nil, true, nil])
    let all = try admin.allTopics(timeoutMilliseconds: 10_000)
    #expect(all.map(\.name) == ["one", "two"])
  }

  @Test func timesOutWithoutAController() throws {
    let cluster = try MockCluster()
    let admin = try cluster.admin()
    let topic = NewTopic(
      name: "new", partitionCount: 1, configuration: ["cleanup.policy": "compact"])
    let calls: [() throws -> Void] = [
      { _ = try admin.createTopics([topic], timeoutMilliseconds: 100) },
      { _ = try admin.deleteTopics(["old"], timeoutMilliseconds: 100) },
      { _ = try admin.createPartitions(of: "old", count: 3, timeoutMilliseconds: 100) },
      { _ = try admin.describeTopicConfigs(["old"], timeoutMilliseconds: 100) },
    ]
    for call in calls {
      let error = try #require(throws: KafkaError.self) { try call() }
      #expect(error.isTimeout)
    }
  }

  @Test func refusesArgumentsOutOfRange() throws {
    let cluster = try MockCluster()
    let admin = try cluster.admin()
    let topic = NewTopic(name: "new", partitionCount: -5)
    let error = try #require(throws: KafkaError.self) {
      try admin.createTopics([topic], timeoutMilliseconds: 1_000)
    }
    #expect(error.code == RD_KAFKA_RESP_ERR__INVALID_ARG.rawValue)
    #expect(try admin.createTopics([], timeoutMilliseconds: 1_000).isEmpty)
  }

  @Test func timesOutWithoutBrokers() throws {
    let admin = try Admin(configuration: ["bootstrap.servers": "127.0.0.1:1"])
    let error = try #require(throws: KafkaError.self) {
      try admin.allTopics(timeoutMilliseconds: 100)
    }
    #expect(error.isTimeout || error.isTransport)
    let other = try #require(throws: KafkaError.self) {
      try admin.deleteTopics(["old"], timeoutMilliseconds: 100)
    }
    #expect(other.isTimeout || other.isTransport)
  }
}
