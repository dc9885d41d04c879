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

  mutating func take(_ line: RecordLine) -> (Disposition, [ResultRecord])? {
    guard let topic = InputTopic.allCases.first(where: { line.topic.hasSuffix($0.suffix) }) else {
      return nil
    }
    let log = "\(line.topic)-\(line.partition ?? 0)"
    var partition = partitions[log] ?? topic.emptyPartition(rules: rules)
    var results: [ResultRecord] = []
    let position = Position(
      topicName: line.topic, partition: line.partition ?? 0, offset: line.offset ?? 0)
    let disposition = line.withRecord {
      partition.process($0, at: position, decoder: decoder, into: &results)
    }
    partitions[log] = partition
    return (disposition, results)
  }
}

/// How often each kind of result and each code came.
private func tally(_ records: [ResultRecord], into counts: inout [String: Int]) {
  for record in records {
    var kind = "tombstone"
    if record.topic == .deadLetters {
      kind = text(record.headers.first { $0.name.hasSuffix("errors.code") }?.value) ?? "no code"
    } else if let value = text(record.value) {
      kind = value.components(separatedBy: "\"type\":\"").dropFirst().first ?? value
      kind = String(kind.prefix { $0 != "\"" })
    }
    counts[kind, default: 0] += 1
  }
}

@Suite struct ReferenceModelTests {
  private static let results = [
    "system5.pattern.derived", "system5.pattern.transferred", "system5.pattern.retired",
    "tombstone", "system5.alert.firing", "system5.alert.resolved", "system5.gap.analysed",
    "system5.trends.analysed",
  ]

  @Test func generatedRecordsHaveTheResultsOfTheContract() {
    var counts: [String: Int] = [:]
    for seed in 0..<UInt64(40) {
      var generator = ContractGenerator(seed: seed)
      var model = ReferenceModel(rules: ContractGenerator.rules)
      var program = Program(rules: ContractGenerator.rules)
      var comparison = ReferenceComparison()
      for number in 0..<400 {
        let line = generator.next()
        let expected = model.take(line)
        guard let (disposition, records) = program.take(line) else { continue }
        counts["\(disposition)", default: 0] += 1
        tally(records, into: &counts)
        let complaints = comparison.differences(expected: expected, published: records)
        guard complaints.isEmpty else {
          let record = String(decoding: RecordLineCoder().encode(line), as: UTF8.self)
          let sentences = complaints.joined(separator: "\n")
          Issue.record("seed \(seed), record \(number): \(record.prefix(2000))\n\(sentences)")
          break
        }
      }
    }
    for kind in Self.results + RejectionCode.allCases.map(\.rawValue) {
      #expect(counts[kind, default: 0] >= 5, "\(kind) came \(counts[kind, default: 0]) times")
    }
    if ProcessInfo.processInfo.environment["SYSTEM5_TEST_COUNTS"] != nil {
      print(counts.sorted(by: <))
    }
  }
}
