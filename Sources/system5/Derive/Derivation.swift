import Foundation
import System5Core
import System5Wire

/// Shards fed from record lines: what the worker does, without Kafka.
struct Derivation {
  private let prefix: String
  private let partitions: Int32?
  private let coder = RecordLineCoder()
  private var shards: DerivedShards
  private var results: [ResultRecord] = []
  private(set) var count = 0

  init(rules: Rules, prefix: String, partitions: Int32?) {
    self.prefix = prefix
    self.partitions = partitions
    shards = DerivedShards(rules: rules, prefix: prefix)
  }

  /// Applies the next line and writes what follows from it; false at the end of the file.
  mutating func takeLine(
    from reader: inout LineReader, to output: inout OutputBuffer
  ) throws -> Bool {
    let line = try RecordLines.next(from: &reader, by: coder)
    guard let line else { return false }
    do throws(UnknownTopic) {
      try shards.process(line, into: &results)
    } catch {
      throw CommandFailure(.badData, "\(reader.place): \(line.topic) is no input topic")
    }
    count += 1
    for result in results {
      var line = RecordLine(result, prefix: prefix)
      if let partitions { line.partition = result.partition % partitions }
      try output.append(line: coder.encode(line))
    }
    results.removeAll(keepingCapacity: true)
    return true
  }

  /// Writes the stores as they are now: canonical JSON, all members sorted.
  func writeState(to path: String) throws {
    let text = shards.state.canonicalText + "\n"
    do {
      try Data(text.utf8).write(to: URL(filePath: path))
    } catch {
      throw CommandFailure(.badData, "cannot write \(path): \(error.localizedDescription)")
    }
  }
}

/// A line names a topic that no store reads.
struct UnknownTopic: Error {}
