import ArgumentParser
import System5Core

/// Which partitions of the input topics a command is about.
struct InputOptions: ParsableArguments {
  @Option(
    name: .customLong("topic"),
    help: "An input topic: policy, adaptation or variety; repeatable. All unless given.")
  var topics: [String] = []

  @Option(
    name: .customLong("partition"),
    help: "A partition of each of them; repeatable. All unless given.")
  var partitions: [Int32] = []

  func validate() throws {
    for topic in topics where InputTopic(rawValue: topic) == nil {
      throw ValidationError("--topic is policy, adaptation or variety, not \(topic)")
    }
    if partitions.contains(where: { $0 < 0 }) {
      throw ValidationError("--partition is 0 or more")
    }
  }

  var choice: InputChoice {
    InputChoice(
      inputs: topics.isEmpty
        ? InputTopic.allCases : InputTopic.allCases.filter { topics.contains($0.rawValue) },
      partitions: partitions.isEmpty ? .all : .numbers(Set(partitions)))
  }

  func includes(_ input: InputTopic, _ partition: Int32) -> Bool {
    (topics.isEmpty || topics.contains(input.rawValue))
      && (partitions.isEmpty || partitions.contains(partition))
  }
}
