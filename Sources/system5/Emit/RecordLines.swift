import Foundation
import Kafka
import System5Core

/// Record lines on their way to Kafka.
enum RecordLines {
  /// Hands over the records of all files in their order; no file is standard input.
  static func each(
    in files: [String], topic: String?, _ body: (EmitRecord) throws -> Void
  ) throws {
    for path in files.isEmpty ? ["-"] : files {
      var reader = try LineReader(path: path)
      while let line = try reader.next({ line in line.isEmpty ? [] : Array(line) }) {
        if line.isEmpty { continue }
        guard let object = JSONFile.parse(Data(line))?.object,
          let record = record(object, topic: topic)
        else { throw CommandFailure(.badData, "\(reader.place): not a record line") }
        try body(record)
      }
    }
  }

  // Interim: until System5Wire reads record lines.
  private static func record(_ object: JSONObject, topic: String?) -> EmitRecord? {
    guard let topic = topic ?? object["topic"]?.text else { return nil }
    let value =
      object["value"].map { Array($0.canonicalText.utf8) }
      ?? object["value_base64"]?.text.flatMap { Data(base64Encoded: $0) }.map { Array($0) }
    let headers = object["headers"]?.object?.members ?? []
    let time = object["timestamp"]?.text ?? object["value"]?.object?["time"]?.text
    return EmitRecord(
      topic: topic, partition: object["partition"]?.integer.map { Int32(clamping: $0) },
      key: object["key"]?.text.map { Array($0.utf8) }, value: value,
      headers: headers.compactMap { member in
        member.value.text.map { Header(member.name.string, text: $0) }
      }, timestamp: time.flatMap { EmitTime.parse($0) }?.milliseconds)
  }
}
