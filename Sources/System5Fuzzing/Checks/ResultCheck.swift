import Foundation
import System5Core
import System5Wire

/// What is written because of a record.
final class ResultCheck {
  private let coder = RecordLineCoder()

  func check(
    _ written: [ResultRecord], of record: FuzzRecord, _ disposition: Disposition,
    at position: Position
  ) throws(FuzzFailure) -> String {
    let letters = written.filter { $0.topic == .deadLetters }
    for result in written where result.topic != .deadLetters { try checkResult(result) }
    if XXH64.hash(record.value ?? []).isMultiple(of: 8) {
      for result in written { try checkLine(result) }
    }
    switch disposition {
    case .applied:
      try expect(letters.isEmpty, "a dead letter of an applied record")
      return "+" + written.map { kind(of: $0) }.joined(separator: ",")
    case .duplicate:
      try expect(written.isEmpty, "something followed from a duplicate")
      return "="
    case .deadLetter(let code):
      guard let letter = letters.first, letters.count == 1, written.last?.topic == .deadLetters
      else { throw FuzzFailure("\(letters.count) dead letters of a refused record") }
      return try checkLetter(letter, of: record, code, at: position)
    }
  }

  private func kind(of result: ResultRecord) -> String {
    "\(result.topic)\(result.value == nil)"
  }

  private func checkResult(_ result: ResultRecord) throws(FuzzFailure) {
    try expect(result.timestampMilliseconds >= 1, "a result without a timestamp")
    try expect(result.key?.isEmpty == false, "a result without a key")
    guard let value = result.value else { return }
    let text = String(decoding: value, as: UTF8.self)
    guard let object = try? JSONSerialization.jsonObject(with: Data(value)),
      let event = object as? [String: Any]
    else { throw FuzzFailure("a result that Foundation does not read: \(text)") }
    for name in ["specversion", "id", "source", "type", "subject", "time", "causationid"] {
      try expect(event[name] is String, "a result without \(name): \(text)")
    }
    try expect(event["data"] is [String: Any], "a result without data: \(text)")
  }

  private func checkLetter(
    _ letter: ResultRecord, of record: FuzzRecord, _ code: RejectionCode, at position: Position
  ) throws(FuzzFailure) -> String {
    try expect(letter.key == record.key, "a dead letter has another key")
    try expect(letter.value == record.value, "a dead letter has another value")
    let original = Array(letter.headers.prefix(record.headers.count))
    try expect(original.isExactly(record.headers), "a dead letter has other headers")
    let added = letter.headers.dropFirst(record.headers.count)
    let names = ["code", "message", "topic", "partition", "offset", "timestamp"]
    try expect(
      added.map(\.name) == names.map { "__system5.errors." + $0 }, "a dead letter lacks headers")
    let texts = added.map { String(decoding: $0.value ?? [], as: UTF8.self) }
    try expect(texts[0] == code.rawValue, "a dead letter has another code")
    try expect(
      texts[1].utf8.last == UInt8(ascii: ".") && !texts[1].utf8.contains(0x0A),
      "no sentence: \(texts[1])")
    try expect(
      texts[2] == position.topicName && texts[3] == "\(position.partition)"
        && texts[4] == "\(position.offset)" && texts[5] == "\(record.timestamp ?? -1)",
      "a dead letter says that it is from elsewhere")
    return "!" + code.rawValue + texts[1].shape
  }

  /// As people and files see it.
  private func checkLine(_ result: ResultRecord) throws(FuzzFailure) {
    let line = RecordLine(result, prefix: "p.")
    let encoded = coder.encode(line)
    let read = try LineCheck.parsed(encoded, by: coder)
    try expect(read.key == line.key && read.value == line.value, "a line changes a record")
    try expect(
      read.headers.isExactly(LineCheck.grouped(line.headers)), "a line changes a record's headers")
  }
}
