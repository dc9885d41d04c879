import System5Core
import System5Wire

/// The topics' names under the deployment's prefix.
struct TopicNames {
  let prefix: String

  func name(of input: InputTopic) -> String { prefix + input.suffix }
  func name(of output: OutputTopic) -> String { prefix + output.rawValue }
  var deadLetters: String { prefix + "dead-letters" }

  func checkpoints(of input: InputTopic) -> String { "\(prefix)\(input.rawValue).checkpoints" }

  var inputs: [String] { InputTopic.allCases.map(name(of:)) }
  var all: [String] {
    inputs + OutputTopic.allCases.map(name(of:)) + [deadLetters]
      + InputTopic.allCases.map(checkpoints(of:))
  }
}

/// The topics as they were at the start: names and numbers of partitions.
struct TopicLayout {
  private let names: TopicNames
  private let partitionCounts: [String: Int32]
  private let inputs: [String: InputTopic]
  private let outputs: [OutputTopic: String]

  /// - Parameter partitionCounts: of every topic, each 1 or more.
  init(names: TopicNames, partitionCounts: [String: Int32]) {
    self.names = names
    self.partitionCounts = partitionCounts
    inputs = Dictionary(
      uniqueKeysWithValues: InputTopic.allCases.map { (names.name(of: $0), $0) })
    outputs = Dictionary(
      uniqueKeysWithValues: OutputTopic.allCases.map { ($0, names.name(of: $0)) })
  }

  var inputNames: [String] { names.inputs }

  func input(named name: String) -> InputTopic? { inputs[name] }

  func name(of destination: OutputKind) -> String {
    switch destination {
    case .result(let output): outputs[output] ?? names.name(of: output)
    case .deadLetters: names.deadLetters
    }
  }

  func name(of input: InputTopic) -> String { names.name(of: input) }
  func checkpointName(of input: InputTopic) -> String { names.checkpoints(of: input) }

  func partitionCount(of topic: String) -> Int32 { partitionCounts[topic] ?? 1 }

  /// Where a result of `inputPartition` goes, so that one system's results stay in order.
  func partition(of topic: String, forInput inputPartition: Int32) -> Int32 {
    inputPartition % max(1, partitionCount(of: topic))
  }
}
