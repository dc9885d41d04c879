import Foundation
import System5Wire

/// Record lines: what is read can be written, and reads the same again.
final class LineCheck {
  private let coder = RecordLineCoder()

  func check(_ bytes: [UInt8]) throws(FuzzFailure) -> String {
    let line: RecordLine
    do throws(RecordLineError) {
      line = try coder.parse(bytes)
    } catch {
      return "!" + error.description.shape
    }
    let encoded = coder.encode(line)
    try expect(!encoded.contains(UInt8(ascii: "\n")), "a line of several lines")
    let again = try LineCheck.parsed(encoded, by: coder)
    try expect(again == line, "a line that reads otherwise: \(line)\nand: \(again)")
    try expect(again.headers.isExactly(line.headers), "a line whose headers read otherwise")
    try expect(again.topic.utf8.elementsEqual(line.topic.utf8), "a line of another topic")
    try expect(coder.encode(again) == encoded, "a line that is written otherwise")
    try expectValid(encoded)
    let members = [line.partition != nil, line.offset != nil, line.key != nil, line.value != nil]
    return "+\(members)\(line.headers.count)\(line.timestampMilliseconds != nil)"
  }

  static func parsed(
    _ line: [UInt8], by coder: RecordLineCoder
  ) throws(FuzzFailure) -> RecordLine {
    do throws(RecordLineError) {
      return try coder.parse(line)
    } catch {
      let text = String(decoding: line, as: UTF8.self)
      throw FuzzFailure("a line that cannot be read: \(error) \(text)")
    }
  }

  /// The order in which lines hold headers: those of one name together.
  static func grouped(_ headers: [RawHeader]) -> [RawHeader] {
    var names: [[UInt8]] = []
    for header in headers where !names.contains(Array(header.name.utf8)) {
      names.append(Array(header.name.utf8))
    }
    return names.flatMap { name in headers.filter { Array($0.name.utf8) == name } }
  }

  /// Foundation does not nest deeper than 512 levels.
  private func expectValid(_ line: [UInt8]) throws(FuzzFailure) {
    guard line.filter({ $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") }).count < 500 else {
      return
    }
    try expect(
      (try? JSONSerialization.jsonObject(with: Data(line))) != nil,
      "a line that Foundation does not read: \(String(decoding: line, as: UTF8.self))")
  }
}
