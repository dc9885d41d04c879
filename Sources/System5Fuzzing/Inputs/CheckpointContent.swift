import System5Core
import System5Wire

/// The content of a checkpoint, whose manifest is made to fit it, so that what reads the structure
/// behind the hash is reached.
public struct CheckpointContent: Hashable, Sendable {
  public var input: InputTopic
  public var content: [UInt8]

  public init(_ input: InputTopic, _ content: [UInt8]) {
    self.input = input
    self.content = content
  }

  init(bytes: [UInt8]) {
    let inputs = InputTopic.allCases
    input = inputs[Int(bytes.first ?? 0) % inputs.count]
    content = Array(bytes.dropFirst())
  }

  public var bytes: [UInt8] {
    [UInt8(InputTopic.allCases.firstIndex(of: input) ?? 0)] + content
  }

  /// What the frames of header and end say, or, where there are none, what was there before them.
  var manifest: OrderedJSON {
    let frames = CheckpointFrames(content)
    let header = frames.body(ofFirst: 1)
    let end = frames.body(ofLast: 4)
    let word = { (body: [UInt8], at: Int) -> UInt64 in
      var reader = ByteReader(body.dropFirst(at))
      return reader.integer(8)
    }
    return CheckpointContent.manifest(
      input, position: Int64(bitPattern: word(header, 1)), chunks: 1, bytes: content.count,
      hash: XXH64.hash(content), systems: Int64(bitPattern: word(end, 0)),
      records: Int64(bitPattern: word(end, 8)), rules: word(header, 9))
  }

  /// Written here anew, not by the code under test.
  private static func manifest(
    _ input: InputTopic, position: Int64, chunks: Int, bytes: Int, hash: UInt64, systems: Int64,
    records: Int64, rules: UInt64
  ) -> OrderedJSON {
    .object([
      .init("system5_checkpoint", .integer(1)),
      .init("input", .string(input.rawValue)),
      .init("position", .integer(position)),
      .init("chunks", .integer(Int64(chunks))),
      .init("bytes", .integer(Int64(bytes))),
      .init("xxh64", .string(hexadecimal(hash))),
      .init("systems", .integer(systems)),
      .init("records", .integer(records)),
      .init("rules", .string(hexadecimal(rules))),
    ])
  }

  private static func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// Where the frames of a content lie, as far as their lengths make sense.
struct CheckpointFrames {
  let content: [UInt8]
  /// From the length to the end of the body.
  private(set) var ranges: [Range<Int>] = []

  init(_ content: [UInt8]) {
    self.content = content
    var at = 8
    while at + 9 <= content.count {
      var reader = ByteReader(content[at..<at + 8])
      let length = reader.integer(8)
      guard length >= 1, length <= UInt64(content.count - at - 8) else { break }
      let end = at + 8 + Int(length)
      ranges.append(at..<end)
      at = end
    }
  }

  func body(ofFirst kind: UInt8) -> [UInt8] {
    body(ranges.first { content[$0.lowerBound + 8] == kind })
  }
  func body(ofLast kind: UInt8) -> [UInt8] {
    body(ranges.last { content[$0.lowerBound + 8] == kind })
  }

  private func body(_ range: Range<Int>?) -> [UInt8] {
    range.map { Array(content[$0].dropFirst(9)) } ?? []
  }
}
