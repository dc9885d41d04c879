import Kafka
import MetricsTestKit
import System5Wire
import Testing

@testable import System5Worker

@Suite struct MetricsTests {
  private let factory = TestMetrics()

  @Test func countsRecordsByDisposition() throws {
    let metrics = WorkerMetrics(factory: factory)
    var tally = ShardTask.Tally()
    tally.applied = 3
    tally.deadLetters = [.badKey: 2]
    metrics.records(tally, topic: "t")
    metrics.records(tally, topic: "t")
    let applied = try factory.expectCounter(
      "system5_records_total", [("topic", "t"), ("disposition", "applied")])
    #expect(applied.totalValue == 6)
    let bad = try factory.expectCounter("system5_dead_letters_total", [("code", "bad-key")])
    #expect(bad.totalValue == 4)
  }

  @Test func tellsLagByPartition() throws {
    let metrics = WorkerMetrics(factory: factory)
    metrics.lag(5, of: TopicPartition(topic: "t", partition: 2))
    let lag = try factory.expectGauge(
      "system5_lag_records", [("topic", "t"), ("partition", "2")])
    #expect(lag.lastValue == 5)
  }

  @Test func countsAbortsByCause() throws {
    let metrics = WorkerMetrics(factory: factory)
    metrics.aborted(cause: "ILLEGAL_GENERATION")
    let aborts = try factory.expectCounter(
      "system5_aborts_total", [("cause", "ILLEGAL_GENERATION")])
    #expect(aborts.totalValue == 1)
  }
}
