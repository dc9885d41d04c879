import CRdkafka
import Kafka
import OwnThreads
import Synchronization
import Testing

@Suite(.ownThread) struct EventTests {
  @Test func tellsOfBrokersThatAreDown() throws {
    let log = Log()
    let consumer = try Consumer(
      configuration: ["bootstrap.servers": "127.0.0.1:1", "group.id": "group"],
      events: log.events)
    try wait(for: "the error") {
      let batch = try consumer.poll(maxRecords: 10, timeoutMilliseconds: 50)
      #expect(batch.count == 0)
      return log.errors.withLock { $0.contains { $0.name == "_ALL_BROKERS_DOWN" } }
    }
    #expect(log.errors.withLock { $0.allSatisfy { $0.isTransport && !$0.isFatal } })
    #expect(log.lines.withLock { $0.contains { $0.facility == "FAIL" && $0.level <= .error } })
  }

  @Test func tellsOfDebugLines() throws {
    let log = Log()
    do {
      _ = try Producer(configuration: ["debug": "broker"], events: log.events)
    }
    #expect(log.lines.withLock { $0.contains { $0.level == .debug && !$0.text.isEmpty } })
  }

  @Test func judgesErrors() {
    let made = KafkaError(code: RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION.rawValue, reason: "old")
    #expect(made.isFenced && !made.isTimeout && !made.isFatal && !made.isAuthentication)
    #expect(made.description == "ILLEGAL_GENERATION: old")
    let late = KafkaError(code: RD_KAFKA_RESP_ERR__TIMED_OUT.rawValue, reason: "late")
    #expect(late.isTimeout && !late.isTransport && !late.isUnknownTopic)
  }

  @Test func ordersPartitions() {
    let sorted = (partitions("b", 1, 0) + partitions("a", 10, 9)).sorted()
    #expect(sorted.map(\.description) == ["a[9]", "a[10]", "b[0]", "b[1]"])
  }
}
