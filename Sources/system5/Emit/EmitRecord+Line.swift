import Kafka
import System5Wire

extension EmitRecord {
  init(_ line: RecordLine, topic: String?) {
    self.init(
      topic: topic ?? line.topic, partition: line.partition, key: line.key, value: line.value,
      headers: line.headers.map { Header($0.name, $0.value) },
      timestamp: line.timestampMilliseconds)
  }

  /// Hands over the records of all files in their order; no file is standard input.
  static func each(
    in files: [String], topic: String?, _ body: (EmitRecord) throws -> Void
  ) throws {
    let coder = RecordLineCoder()
    for path in files.isEmpty ? ["-"] : files {
      var reader = try LineReader(path: path)
      while let line = try RecordLines.next(from: &reader, by: coder) {
        try body(EmitRecord(line, topic: topic))
      }
    }
  }
}
