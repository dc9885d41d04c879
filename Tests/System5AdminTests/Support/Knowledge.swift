import Kafka
import System5Core
import System5Testing
import System5Wire
import System5Worker

@testable import system5

/// What a worker knows after some records, put on a board as a pipeline would.
struct Knowledge: Sendable {
  static let partitions: Int32 = 4
  private(set) var shards: [TopicPartition: any PartitionState] = [:]
  private var offsets: [TopicPartition: Int64] = [:]

  /// So many generated records, of systems `system-0` and on.
  static func generated(_ count: Int, seed: UInt64, systems: Int = 3) throws -> Knowledge {
    var generator = EventGenerator(seed: seed, systems: systems)
    generator.malformedPercent = 0
    var knowledge = Knowledge()
    for _ in 0..<count { try knowledge.take(generator.next()) }
    return knowledge
  }

  /// Nothing yet, of any partition.
  init() {
    for input in InputTopic.allCases {
      for partition in 0..<Knowledge.partitions {
        let place = TopicPartition(topic: "system5." + input.suffix, partition: partition)
        shards[place] = input.emptyPartition(rules: Rules())
        offsets[place] = 0
      }
    }
  }

  mutating func take(_ line: String) throws {
    let decoder = EventDecoder(rules: Rules())
    let record = try RecordLineCoder().parse(Array(line.utf8))
    let key = record.key ?? []
    let partition =
      record.partition
      ?? key.withUnsafeBytes { Murmur2.partition($0, count: Knowledge.partitions) }
    let place = TopicPartition(topic: record.topic, partition: partition)
    let offset = offsets[place] ?? 0
    var results: [ResultRecord] = []
    record.withRecord {
      _ = shards[place]?.process(
        $0, at: Position(topicName: place.topic, partition: partition, offset: offset),
        decoder: decoder, into: &results)
    }
    offsets[place] = offset + 1
  }

  /// An event about a system, so many seconds after 2026-11-23T08:00:00Z.
  mutating func take(
    _ type: String, _ data: String, system: String = "acme", second: Int64 = 0,
    partition: Int32? = nil
  ) throws {
    let input = type.prefix { $0 != "." }.replacing("pattern", with: "adaptation")
      .replacing("knowledge", with: "adaptation").replacing("adaptations", with: "adaptation")
    let time = RFC3339.text(of: Timestamp(seconds: 1_795_420_800 + second))
    let id = offsets.values.reduce(0, +)
    let place = partition.map { "\"partition\":\($0)," } ?? ""
    try take(
      """
      {"topic":"system5.\(input).events",\(place)"timestamp":"\(time)","key":"\(system)",\
      "value":{"specversion":"1.0","id":"k-\(id)","source":"/test","type":"system5.\(type)",\
      "time":"\(time)","data":\(data)}}
      """)
  }

  /// What `derive --state` writes, by system.
  var derived: JSONObject {
    let states = shards.keys.sorted().compactMap { shards[$0] }
    return DerivedState.json(of: states).object?["systems"]?.object ?? JSONObject()
  }

  var reports: [ShardReport] {
    shards.keys.sorted().compactMap { place in
      shards[place].map { state in
        var report = ShardReport(
          partition: place, input: state.input, status: .live, position: offsets[place] ?? 0,
          state: state)
        report.lag = 0
        return report
      }
    }
  }

  /// - Parameter change: what is different about the report from that of a live pipeline.
  func board(_ change: (inout PipelineReport) -> Void = { _ in }) -> WorkerBoard {
    let board = WorkerBoard()
    put(on: board, change)
    return board
  }

  func put(on board: WorkerBoard, _ change: (inout PipelineReport) -> Void = { _ in }) {
    var report = PipelineReport(number: 0, phase: .running, beatAt: .now)
    report.topics = InputTopic.allCases.map {
      InputReport(
        input: $0, topic: "system5." + $0.suffix, partitionCount: Knowledge.partitions)
    }
    report.shards = reports
    change(&report)
    let place = board.place(of: 0)
    place.put(report)
    // Nobody else beats here, however long the test may take.
    place.beat(at: .now + .seconds(3_600))
  }
}
