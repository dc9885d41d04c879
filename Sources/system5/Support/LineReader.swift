import Foundation

/// Reads a file, or standard input, line by line without holding more than a line and a block.
struct LineReader: ~Copyable {
  private static let blockSize = 1 << 18

  /// The file as people know it, for messages.
  let name: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  private(set) var lineNumber = 0

  /// `-` is standard input.
  init(path: String) throws(CommandFailure) {
    name = path == "-" ? "<stdin>" : path
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      throw CommandFailure(.badData, "cannot read \(path): \(Self.lastError)")
    }
  }

  deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

  /// Lends the next line without its end of line; nil after the last one.
  mutating func next<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result? {
    guard let range = try nextRange() else { return nil }
    lineNumber += 1
    return try buffer.withUnsafeBytes { bytes in
      var line = UnsafeRawBufferPointer(rebasing: bytes[range])
      if line.last == UInt8(ascii: "\r") {
        line = UnsafeRawBufferPointer(rebasing: line.dropLast())
      }
      return try body(line)
    }
  }

  /// Where the reader is, as compilers write it.
  var place: String { "\(name):\(lineNumber)" }

  private mutating func nextRange() throws -> Range<Int>? {
    var searched = start
    while true {
      if let end = endOfLine(from: searched) {
        defer { start = end + 1 }
        return start..<end
      }
      searched = buffer.count
      if isAtEnd { break }
      searched -= start
      try readBlock()
    }
    guard start < buffer.count else { return nil }
    defer { start = buffer.count }
    return start..<buffer.count
  }

  private func endOfLine(from index: Int) -> Int? {
    buffer.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, index < bytes.count,
        let found = memchr(base + index, Int32(UInt8(ascii: "\n")), bytes.count - index)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  private mutating func readBlock() throws {
    buffer.removeFirst(start)
    start = 0
    let used = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: Self.blockSize))
    let count = buffer.withUnsafeMutableBytes { bytes in
      var count = 0
      repeat {
        count = read(descriptor, bytes.baseAddress.map { $0 + used }, Self.blockSize)
      } while count < 0 && errno == EINTR
      return count
    }
    buffer.removeLast(Self.blockSize - max(count, 0))
    if count < 0 { throw CommandFailure(.badData, "cannot read \(name): \(Self.lastError)") }
    isAtEnd = count == 0
  }

  private static var lastError: String { String(cString: strerror(errno)) }
}
