import Foundation

/// Writes to a file descriptor in blocks.
struct OutputBuffer: ~Copyable {
  private static let blockSize = 1 << 16

  private let descriptor: Int32
  private var bytes: [UInt8] = []

  init(descriptor: Int32 = STDOUT_FILENO) {
    self.descriptor = descriptor
    bytes.reserveCapacity(Self.blockSize * 2)
  }

  mutating func append(line: some Sequence<UInt8>) throws {
    bytes.append(contentsOf: line)
    bytes.append(UInt8(ascii: "\n"))
    if bytes.count >= Self.blockSize { try flush() }
  }

  mutating func append(_ block: [UInt8]) throws {
    bytes.append(contentsOf: block)
    if bytes.count >= Self.blockSize { try flush() }
  }

  mutating func append(line: String) throws { try append(line: line.utf8) }

  mutating func flush() throws {
    try bytes.withUnsafeBytes { try Self.write($0, to: descriptor) }
    bytes.removeAll(keepingCapacity: true)
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws {
    var rest = bytes[...]
    while let base = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
      let count = Foundation.write(descriptor, base, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw CommandFailure(.fault, "cannot write: \(String(cString: strerror(errno)))")
      }
      rest = rest.dropFirst(count)
    }
  }
}
