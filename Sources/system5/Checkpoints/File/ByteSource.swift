import Foundation

/// Bytes that can be read more than once.
protocol ByteSource: Sendable {
  var count: Int64 { get }
  /// The bytes of a range that lies within.
  func read(_ range: Range<Int64>) throws(CommandFailure) -> [UInt8]
}

extension ByteSource {
  /// Hands over a range in blocks.
  func eachBlock(
    of range: Range<Int64>, _ body: ([UInt8]) throws -> Void
  ) throws {
    let size: Int64 = 1 << 20
    for start in stride(from: range.lowerBound, to: range.upperBound, by: Int(size)) {
      try body(read(start..<min(start + size, range.upperBound)))
    }
  }
}

/// A file that is open for as long as this lives.
final class FileSource: ByteSource {
  let count: Int64
  private let name: String
  private let descriptor: Int32

  init(path: String) throws(CommandFailure) {
    name = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw Self.failure("cannot read \(path)") }
    count = Int64(lseek(descriptor, 0, SEEK_END))
    if count < 0 { throw CommandFailure(.usage, "\(path) must be a file that can be read twice") }
  }

  /// - Parameter descriptor: taken over.
  fileprivate init(_ descriptor: Int32, named name: String, count: Int64) {
    self.descriptor = descriptor
    self.name = name
    self.count = count
  }

  deinit { close(descriptor) }

  func read(_ range: Range<Int64>) throws(CommandFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        pread(
          descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done,
          off_t(range.lowerBound) + off_t(done))
      }
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw Self.failure("cannot read \(name)") }
      if count == 0 { throw CommandFailure(.badData, "\(name) has become shorter meanwhile") }
      done += count
    }
    return bytes
  }

  private static func failure(_ what: String) -> CommandFailure {
    CommandFailure(.badData, "\(what): \(String(cString: strerror(errno)))")
  }
}

/// A file without a name, for what must be known in full before it goes on.
struct Spool: ~Copyable {
  private let descriptor: Int32
  private var output: OutputBuffer
  private(set) var count: Int64 = 0

  init() throws(CommandFailure) {
    let folder = FileManager.default.temporaryDirectory.path
    var template = Array("\(folder)/system5-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    if descriptor < 0 {
      throw CommandFailure(
        .fault, "cannot write to \(folder): \(String(cString: strerror(errno)))")
    }
    unlink(template)
    output = OutputBuffer(descriptor: descriptor)
  }

  mutating func append(_ bytes: [UInt8]) throws {
    count += Int64(bytes.count)
    try output.append(bytes)
  }

  /// All that comes from a descriptor until its end.
  static func collecting(_ descriptor: Int32) throws -> FileSource {
    var spool = try Spool()
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &block, block.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 {
        throw CommandFailure(.badData, "cannot read: \(String(cString: strerror(errno)))")
      }
      if count == 0 { return try spool.finish() }
      try spool.append(Array(block[..<count]))
    }
  }

  /// What was written, to be read.
  consuming func finish() throws -> FileSource {
    try output.flush()
    return FileSource(descriptor, named: "the temporary file", count: count)
  }
}
