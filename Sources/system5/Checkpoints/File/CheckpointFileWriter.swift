import System5Wire

/// Writes a checkpoint file front to back.
struct CheckpointFileWriter: ~Copyable {
  private var hash = XXH64()
  private let sink: ([UInt8]) throws -> Void

  init(_ sink: @escaping ([UInt8]) throws -> Void) { self.sink = sink }

  mutating func write(_ header: CheckpointFileHeader) throws {
    try write(raw: header.line + [UInt8(ascii: "\n")])
  }

  /// What ``frame(_:)`` has made, in any blocks.
  mutating func write(raw bytes: [UInt8]) throws {
    hash.update(bytes)
    try sink(bytes)
  }

  consuming func finish() throws { try sink(CheckpointFile.trailer(hash.value)) }

  /// A chunk as it lies in the file: its length and its bytes.
  static func frame(_ chunk: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt32(clamping: chunk.count).littleEndian) { Array($0) } + chunk
  }
}
