import Kafka
import System5Core
import System5Worker

/// The input partitions that a command is about, and where their checkpoints lie.
final class CheckpointInputs {
  /// By topic and number.
  let chosen: [InputPartition]
  let log: CheckpointLog
  let reader: LogReader
  /// Of the input topics.
  private let counts: [String: Int32]
  private let prefix: String

  init(_ settings: Settings, _ choice: InputChoice) throws {
    let prefix = settings.string("prefix")
    self.prefix = prefix
    log = try CheckpointLog(settings)
    reader = try LogReader(settings)
    let inputs = try reader.partitions(of: InputTopic.allCases.map { prefix + $0.suffix })
    counts = Dictionary(inputs.map { ($0.topic, 1) }, uniquingKeysWith: +)
    chosen = try choice.chosen(of: inputs, prefix: prefix)
    let places = Set(
      try reader.partitions(of: InputTopic.allCases.map(log.settings.topic)))
    for place in chosen.map(log.partition(of:)) where !places.contains(place) {
      throw CommandFailure(
        .configuration,
        "\(place.topic) has no partition \(place.partition), but its input has: "
          + "`system5 topics plan` shows what differs")
    }
  }

  func close() throws {
    try log.close()
    try reader.close()
  }

  func partitionCount(of input: InputTopic) -> Int32 { counts[prefix + input.suffix] ?? 0 }

  /// The place here of a shard from elsewhere.
  func partition(_ number: Int32, of input: InputTopic) -> InputPartition {
    InputPartition(
      input: input, partition: TopicPartition(topic: prefix + input.suffix, partition: number))
  }
}
