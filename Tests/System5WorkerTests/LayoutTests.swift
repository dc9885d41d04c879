import Kafka
import System5Core
import System5Wire
import Testing

@testable import System5Worker

@Suite struct LayoutTests {
  private let layout = TopicLayout(
    names: TopicNames(prefix: "acme."), partitionCounts: ["acme.alerts": 4, "acme.patterns": 1])

  @Test func namesTopicsUnderThePrefix() {
    #expect(layout.name(of: .result(.gapAnalyses)) == "acme.gap-analyses")
    #expect(layout.name(of: .deadLetters) == "acme.dead-letters")
    #expect(layout.input(named: "acme.policy.events") == .policy)
    #expect(layout.input(named: "system5.policy.events") == nil)
  }

  @Test func putsResultsModuloThePartitions() {
    #expect(layout.partition(of: "acme.alerts", forInput: 6) == 2)
    #expect(layout.partition(of: "acme.alerts", forInput: 3) == 3)
    #expect(layout.partition(of: "acme.patterns", forInput: 3) == 0)
  }
}

@Suite struct ClientPropertiesTests {
  private func properties(
    _ change: (inout WorkerConfiguration) -> Void = { _ in }
  ) -> ClientProperties {
    var configuration = WorkerConfiguration(brokers: "localhost:9092")
    change(&configuration)
    return ClientProperties(configuration, instance: "hive-7", pipeline: 1)
  }

  @Test func namesProducersByGroupInstanceAndPipeline() {
    #expect(properties().producer["transactional.id"] == "system5.hive-7.1")
    #expect(properties { $0.delivery = .atLeastOnce }.producer["transactional.id"] == nil)
  }

  @Test func isAStaticMemberOnlyWithAnInstance() {
    #expect(properties().consumer["group.instance.id"] == nil)
    #expect(properties { $0.instance = "hive-7" }.consumer["group.instance.id"] == "hive-7-1")
  }

  @Test func keepsItsOwnProperties() {
    let properties = properties {
      $0.kafkaProperties = ["enable.auto.commit": "true", "compression.type": "lz4"]
    }
    #expect(properties.consumer["enable.auto.commit"] == "false")
    #expect(properties.producer["compression.type"] == "lz4")
  }

  @Test func waitsForRecordsAsLongAsItIsTold() {
    #expect(properties().consumer["fetch.wait.max.ms"] == "100")
    let told = properties { $0.kafkaProperties = ["fetch.wait.max.ms": "7"] }
    #expect(told.consumer["fetch.wait.max.ms"] == "7")
  }

  @Test func backsOffUpToTenSeconds() {
    var backoff = Backoff()
    let waits = (0..<9).map { _ in backoff.next() }
    #expect(waits.first == .milliseconds(100))
    #expect(waits[1] == .milliseconds(200))
    #expect(waits.last == .seconds(10))
  }
}
