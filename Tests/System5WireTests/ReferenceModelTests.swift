import Foundation
import System5Core
import System5Testing
import System5Wire
import Testing

/// The program under test, record by record.
private struct Program {
  private let rules: Rules
  private let decoder: EventDecoder
  private var partitions: [String: any PartitionState] = [:]

  init(rules: Rules) {
    self.rules = rules
    decoder = EventDecoder(rules: rules)
  }

  mutating func take(_ line: RecordLine) -> [ResultRecord] {
    guard let topic = InputTopic.allCases.first(where: { line.topic.hasSuffix($0.suffix) }) else {
      return []
    }
    let log = "\(line.topic)-\(line.partition ?? 0)"
    var partition = partitions[log] ?? topic.emptyPartition(rules: rules)
    var results: [ResultRecord] = []
    let position = Position(
      topicName: line.topic, partition: line.partition ?? 0, offset: line.offset ?? 0)
    _ = line.withRecord {
      partition.process($0, at: position, decoder: decoder, into: &results)
    }
    partitions[log] = partition
    return results
  }
}

/// What the generated records have to bring about, so that agreement means something: every code,
/// every result, and of the results what is rare.
private enum Seen {
  static let marks = [
    #""type":"system5.pattern.derived""#, #""type":"system5.pattern.transferred""#,
    #""type":"system5.pattern.retired""#, #""type":"system5.alert.firing""#,
    #""type":"system5.alert.resolved""#, #""type":"system5.gap.analysed""#,
    #""type":"system5.trends.analysed""#, #""kind":"variety-threshold""#,
    #""kind":"requisite-variety""#, #""kind":"critical-trend""#, #""direction":"below""#,
    #""breach_at""#, #""trend":"increasing""#, #""trend":"decreasing""#, #""trend":"stable""#,
    #""trend":"insufficient_data""#, #""gap_ratio":null"#, #""revision":2"#, #""episode":2"#,
  ]

  static var expected: [String] { marks + ["tombstone"] + RejectionCode.allCases.map(\.rawValue) }

  static func marks(of record: ResultRecord) -> [String] {
    guard record.topic != .deadLetters else {
      let code = record.headers.first { $0.name == "__system5.errors.code" }?.value
      return [text(code) ?? "no code"]
    }
    guard let value = text(record.value) else { return ["tombstone"] }
    return marks.filter(value.contains)
  }
}

@Suite struct ReferenceModelTests {
  private static let seeds = UInt64(0)..<40
  private static let count = 400

  @Test(arguments: seeds)
  func resultsAreTheContracts(seed: UInt64) {
    var generator = ContractGenerator(seed: seed)
    let lines = (0..<Self.count).map { _ in generator.next() }
    expectAgreement(on: lines, rules: ContractGenerator.rules)
  }

  @Test func theGeneratedRecordsGoThroughTheWholeContract() {
    var counts: [String: Int] = [:]
    for seed in Self.seeds {
      var generator = ContractGenerator(seed: seed)
      var program = Program(rules: ContractGenerator.rules)
      for _ in 0..<Self.count {
        for record in program.take(generator.next()) {
          for mark in Seen.marks(of: record) { counts[mark, default: 0] += 1 }
        }
      }
    }
    for mark in Seen.expected {
      #expect(counts[mark, default: 0] >= 5, "\(mark) came \(counts[mark, default: 0]) times")
    }
  }

  @Test(
    arguments: [
      "dead-letters", "envelope", "patterns", "policies", "requisite-variety", "thresholds",
      "trends",
    ])
  func examplesHaveTheModelsResults(name: String) throws {
    expectAgreement(on: try example(name), rules: Rules())
  }

  /// As an auditor finds them: topic after topic, every record of a run.
  @Test func wholeLogsAreComparedAtOnce() {
    var generator = ContractGenerator(seed: 1)
    var model = ReferenceModel(rules: ContractGenerator.rules)
    var program = Program(rules: ContractGenerator.rules)
    var expected: [ReferenceResult] = []
    var logs: [String: [ResultRecord]] = [:]
    for _ in 0..<Self.count {
      let line = generator.next()
      expected += model.take(line)
      for record in program.take(line) { logs[record.topic.suffix, default: []].append(record) }
    }
    var comparison = ReferenceComparison()
    let published = logs.sorted { $0.key < $1.key }.flatMap(\.value)
    #expect(comparison.differences(expected: expected, published: published) == [])
    for index in [0, published.count / 2, published.count - 1] {
      var lacking = published
      lacking.remove(at: index)
      #expect(comparison.differences(expected: expected, published: lacking) != [])
    }
  }

  /// Apart from the rest: beside such numbers the model's sums are not exact.
  @Test func ratiosBeyondAllNumbersAreNull() {
    let values = [
      ("environment", "1e100"), ("system", "1e-300"), ("environment", "1e-300"),
      ("system", "1e100"), ("environment", "0"), ("system", "0"),
    ]
    let lines = values.enumerated().map { index, value in
      let data = #"{"source":"\#(value.0)","variety":\#(value.1)}"#
      let event =
        #"{"specversion":"1.0","id":"\#(index)","source":"/s","#
        + #""type":"system5.variety.measured","data":\#(data)}"#
      return RecordLine(
        topic: "system5.variety.events", offset: Int64(index),
        timestampMilliseconds: Int64(index) * 60_000, key: Array("acme".utf8),
        value: Array(event.utf8))
    }
    expectAgreement(on: lines, rules: Rules())
  }

  /// Stops at the first record with a difference: what follows is the same difference again.
  private func expectAgreement(on lines: [RecordLine], rules: Rules) {
    var model = ReferenceModel(rules: rules)
    var program = Program(rules: rules)
    var comparison = ReferenceComparison()
    for (number, line) in lines.enumerated() {
      let complaints = comparison.differences(
        expected: model.take(line), published: program.take(line))
      guard complaints.isEmpty else {
        let record = String(decoding: RecordLineCoder().encode(line).prefix(2000), as: UTF8.self)
        Issue.record("record \(number): \(record)\n\(complaints.joined(separator: "\n"))")
        return
      }
    }
  }

  /// The records of an example, with the offsets and timestamps that may be left out.
  private func example(_ name: String) throws -> [RecordLine] {
    let directory = URL(filePath: #filePath).deletingLastPathComponent()
    let file = directory.appending(path: "../../topics/examples/\(name).in.jsonl")
    var offsets: [String: Int64] = [:]
    return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map { bytes in
      var line = try RecordLineCoder().parse(Array(bytes))
      let log = "\(line.topic)-\(line.partition ?? 0)"
      line.offset = line.offset ?? offsets[log, default: 0]
      offsets[log] = (line.offset ?? 0) + 1
      line.timestampMilliseconds = line.timestampMilliseconds ?? eventTime(of: line)
      return line
    }
  }

  private func eventTime(of line: RecordLine) -> Int64? {
    let value = line.value.flatMap { try? JSONSerialization.jsonObject(with: Data($0)) }
    let time = (value as? [String: Any])?["time"] as? String
    return time.flatMap { RFC3339.timestamp(of: $0.utf8) }?.milliseconds
  }
}
