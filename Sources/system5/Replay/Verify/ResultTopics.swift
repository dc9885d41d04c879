import Kafka
import System5Core
import System5Wire

/// The result topics as they are at the start: their partitions' bounds, and who writes to them.
struct ResultTopics {
  let prefix: String
  private let partitions: [OutputKind: [LogSlice]]
  private let compacted: Set<String>

  static let kinds = OutputTopic.allCases.map(OutputKind.result) + [.deadLetters]

  init(_ reader: LogReader, prefix: String) throws {
    self.prefix = prefix
    let names = Self.kinds.map { prefix + $0.suffix }
    let present = try reader.partitions(of: names)
    let starts = try reader.starts(of: present)
    let ends = try reader.ends(of: present)
    let slices = present.map {
      LogSlice(partition: $0, start: starts[$0] ?? 0, end: ends[$0] ?? 0)
    }
    partitions = Dictionary(
      uniqueKeysWithValues: Self.kinds.map { kind in
        (kind, slices.filter { $0.partition.topic == prefix + kind.suffix })
      })
    let policies = try reader.property("cleanup.policy", of: names)
    compacted = Set(policies.filter { $0.value.contains("compact") }.keys)
  }

  /// The partition that takes an input partition's results of one kind.
  func slice(_ kind: OutputKind, ofInput partition: Int32) -> LogSlice? {
    guard let slices = partitions[kind], !slices.isEmpty else { return nil }
    return slices[Int(partition) % slices.count]
  }

  func target(_ kind: OutputKind, ofInput partition: Int32) -> ShardVerification.Target {
    let slice = slice(kind, ofInput: partition)
    return ShardVerification.Target(
      topic: prefix + kind.suffix, partition: slice?.partition.partition ?? 0,
      isTruncated: (slice?.start ?? 0) > 0, isCompacted: compacted.contains(prefix + kind.suffix))
  }

  /// Which results follow from an input topic.
  static func kinds(of input: InputTopic) -> [OutputKind] {
    switch input {
    case .policy: [.deadLetters]
    case .adaptation: [.result(.patterns), .deadLetters]
    case .variety: [.result(.alerts), .result(.gapAnalyses), .deadLetters]
    }
  }

  /// Whether results of this kind that lie in `place` may come from `cause`.
  func isPossible(_ cause: Position, of kind: OutputKind, in place: TopicPartition) -> Bool {
    InputTopic.allCases.contains { input in
      cause.topicName == prefix + input.suffix && Self.kinds(of: input).contains(kind)
        && slice(kind, ofInput: cause.partition)?.partition == place
    }
  }
}
