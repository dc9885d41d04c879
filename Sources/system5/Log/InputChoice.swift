import Kafka
import System5Core

/// Which partitions of the input topics to read.
struct InputChoice: Equatable {
  enum Partitions: Equatable {
    case all
    case numbers(Set<Int32>)
    /// The one where a producer that partitions with murmur2 puts this key.
    case ofKey([UInt8])
  }

  var inputs: [InputTopic] = InputTopic.allCases
  var partitions: Partitions = .all

  /// The chosen ones of all partitions there are, by topic and number: the order in which they are
  /// read, so that the same log always gives the same output.
  func chosen(
    of present: [TopicPartition], prefix: String
  ) throws(CommandFailure) -> [InputPartition] {
    var chosen: [InputPartition] = []
    for input in inputs {
      let own = present.filter { $0.topic == prefix + input.suffix }
      let wanted = try numbers(among: own.count, of: prefix + input.suffix)
      chosen += own.filter { wanted.contains($0.partition) }
        .map { InputPartition(input: input, partition: $0) }
    }
    return chosen.sorted { $0.partition < $1.partition }
  }

  private func numbers(among count: Int, of topic: String) throws(CommandFailure) -> Set<Int32> {
    let all = Int32(clamping: count)
    switch partitions {
    case .all: return Set(0..<all)
    case .ofKey(let key):
      return count == 0 ? [] : [key.withUnsafeBytes { Murmur2.partition($0, count: all) }]
    case .numbers(let numbers):
      if let beyond = numbers.sorted().first(where: { !(0..<all).contains($0) }) {
        throw CommandFailure(.usage, "\(topic) has no partition \(beyond), only \(count)")
      }
      return numbers
    }
  }
}

struct InputPartition: Hashable {
  let input: InputTopic
  let partition: TopicPartition
}
