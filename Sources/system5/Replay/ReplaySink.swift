import Foundation
import System5Wire

/// Where derived results go.
protocol ReplaySink: AnyObject {
  func write(_ results: [ResultRecord]) throws
  func finish() throws
}

/// Record lines on standard output or in a file.
final class LineSink: ReplaySink {
  private var output: OutputBuffer
  private let file: FileHandle?
  private let coder = RecordLineCoder()
  private let prefix: String

  /// - Parameter path: nil: standard output.
  init(path: String?, prefix: String) throws {
    self.prefix = prefix
    file = try path.map { try Self.create($0) }
    output = OutputBuffer(descriptor: file?.fileDescriptor ?? STDOUT_FILENO)
  }

  func write(_ results: [ResultRecord]) throws {
    for result in results {
      try output.append(line: coder.encode(RecordLine(result, prefix: prefix)))
    }
  }

  func finish() throws {
    try output.flush()
    try file?.close()
  }

  private static func create(_ path: String) throws -> FileHandle {
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let handle = FileHandle(forWritingAtPath: path)
    else { throw CommandFailure(.usage, "cannot write \(path)") }
    return handle
  }
}

/// The result topics under a prefix, written in transactions.
final class TopicSink: ReplaySink {
  private let sink: KafkaSink
  private let prefix: String

  private static let transactionSize = 5_000

  init(_ settings: Settings, prefix: String) throws {
    self.prefix = prefix
    sink = try KafkaSink(
      settings, keepsPartitions: true,
      transactions: .init(
        id: "\(settings.string("group")).replay.\(prefix)", size: Self.transactionSize))
  }

  func write(_ results: [ResultRecord]) throws {
    for result in results {
      let topic = prefix + result.topic.suffix
      let partition = try result.partition % max(1, sink.partitionCount(of: topic))
      try sink.write(EmitRecord(result, prefix: prefix, partition: partition))
    }
  }

  func finish() throws {
    try sink.finish()
    Terminal.say("\(sink.count) results written to the topics under \(prefix)")
  }
}
