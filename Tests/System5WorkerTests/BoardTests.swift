import Kafka
import System5Core
import System5Wire
import Testing

@testable import System5Worker

@Suite struct BoardTests {
  private func report(_ number: Int, shards: Int = 0) -> PipelineReport {
    var report = PipelineReport(number: number, phase: .running, beatAt: .now)
    report.shards = (0..<shards).map { partition in
      ShardReport(
        partition: TopicPartition(topic: "t", partition: Int32(partition)), input: .policy,
        status: .live, position: 7, state: InputTopic.policy.emptyPartition(rules: Rules()))
    }
    return report
  }

  @Test func showsTheLatestReportOfEachPipelineInOrder() {
    let board = WorkerBoard()
    #expect(board.pipelines.isEmpty)
    board.place(of: 2).put(report(2))
    board.place(of: 0).put(report(0))
    board.place(of: 0).put(report(0, shards: 3))
    #expect(board.pipelines.map(\.number) == [0, 2])
    #expect(board.pipelines.map(\.shards.count) == [3, 0])
  }

  @Test func aReportThatWasTakenStaysAsItWas() {
    let board = WorkerBoard()
    board.place(of: 0).put(report(0, shards: 3))
    let taken = board.pipelines
    board.place(of: 0).put(report(0))
    #expect(taken.first?.shards.count == 3)
  }

  @Test func beatsAndCountsComeWithoutAReport() {
    let board = WorkerBoard()
    let place = board.place(of: 0)
    let beat = ContinuousClock.now + .seconds(100)
    place.beat(at: beat)
    place.count(records: 5)
    place.count(records: 6)
    #expect(board.pipelines.first?.records == 11)
    let shown = board.pipelines.first.map { $0.beatAt - beat } ?? .seconds(1)
    #expect(abs(shown / .milliseconds(1)) < 1)
  }

  @Test func aReaderNeverSeesHalfAReport() async {
    let board = WorkerBoard()
    let place = board.place(of: 0)
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for count in 0..<2000 { place.put(self.report(0, shards: count % 5)) }
      }
      group.addTask {
        for _ in 0..<2000 {
          let shards = board.pipelines.first?.shards ?? []
          #expect(shards.allSatisfy { $0.position == 7 && $0.state != nil })
        }
      }
    }
  }

  @Test func aHealthyCallMayTakeAsLongAsTheBrokersMay() {
    var configuration = WorkerConfiguration(brokers: "b")
    #expect(configuration.longestCall == .seconds(105))
    configuration.sessionTimeout = .seconds(6)
    configuration.kafkaProperties["socket.timeout.ms"] = "1000"
    #expect(configuration.longestCall == .seconds(30))
  }

  @Test func theAddressIsInTheConsumersNameAndNowhereElse() {
    var configuration = WorkerConfiguration(brokers: "b")
    configuration.advertisedAddress = "host:8085"
    let properties = ClientProperties(configuration, instance: "one", pipeline: 0)
    #expect(properties.consumer["client.id"] == "system5-one-0@host:8085")
    #expect(properties.producer["client.id"] == "system5-one-0")
    configuration.kafkaProperties["client.id"] = "mine"
    let renamed = ClientProperties(configuration, instance: "one", pipeline: 0)
    #expect(renamed.consumer["client.id"] == "mine@host:8085")
  }
}
