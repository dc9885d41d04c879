import Foundation
import System5Core

/// The topics that System5 needs, as `topics/topics.json` defines them.
struct TopicDefinitions {
  struct Topic: Equatable {
    /// Without the prefix.
    let name: String
    let partitions: Int
    /// The topic whose number of partitions this one always has.
    let partitionsOf: String?
    let config: [String: String]
  }

  let topics: [Topic]

  /// Reads the given file, else ./topics/topics.json, else the one installed with the program.
  static func read(_ path: String?) throws(CommandFailure) -> TopicDefinitions {
    let path = if let path { path } else { try find() }
    let object = try JSONFile.object(at: path, as: "definitions of the topics")
    guard let elements = object["topics"]?.elements else {
      throw CommandFailure(.configuration, "\(path): \"topics\" must be an array")
    }
    var topics: [Topic] = []
    for (index, element) in elements.enumerated() {
      guard let topic = Topic(element) else {
        throw CommandFailure(
          .configuration, "\(path): topics[\(index)] needs name, partitions and config")
      }
      topics.append(topic)
    }
    return TopicDefinitions(topics: topics)
  }

  private static func find() throws(CommandFailure) -> String {
    let places = ["topics/topics.json"] + installed
    if let found = places.first(where: FileManager.default.isReadableFile) { return found }
    throw CommandFailure(
      .configuration,
      "found no definitions of the topics (\(places.joined(separator: ", "))): "
        + "name the file with --definitions")
  }

  private static var installed: [String] {
    guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    else { return [] }
    let folder = URL(filePath: program).deletingLastPathComponent().deletingLastPathComponent()
    return [folder.appending(path: "share/system5/topics.json").path]
  }
}

extension TopicDefinitions.Topic {
  fileprivate init?(_ value: JSONValue) {
    guard let object = value.object, let name = object["name"]?.text,
      let partitions = object["partitions"]?.integer, partitions > 0,
      let config = object["config"]?.object
    else { return nil }
    self.name = name
    self.partitions = partitions
    self.partitionsOf = object["partitions_of"]?.text
    self.config = Dictionary(
      config.members.compactMap { member in
        member.value.text.map { (member.name.string, $0) }
      }, uniquingKeysWith: { _, last in last })
  }
}
