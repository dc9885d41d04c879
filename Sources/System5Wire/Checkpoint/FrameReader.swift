import System5Core

/// One frame, with the cursor on its first field.
struct CheckpointFrame {
  let kind: FrameKind
  var cursor: FrameCursor
}

/// Takes frames out of chunks in order, and lets go of each chunk that is done with.
struct FrameReader {
  private let interner = Interner()
  private var chunks: [[UInt8]]
  /// The chunk that is being read, and how much of it has been.
  private var index = 0
  private var at = 0
  /// How many bytes have been read, and how many are left.
  private var offset: Int64 = 0
  private var left: Int

  init(_ chunks: [[UInt8]], byteCount: Int) {
    self.chunks = chunks
    self.left = byteCount
  }

  /// The next bytes without a frame around them.
  mutating func raw(_ count: Int) throws(CheckpointError) -> FrameCursor {
    guard count <= left else { throw malformed("the content ends too soon") }
    let base = offset
    left -= count
    offset += Int64(count)
    skipReadChunks()
    if index < chunks.count, chunks[index].count - at >= count {
      defer { at += count }
      return FrameCursor(chunks[index], at..<at + count, base: base - Int64(at), interner)
    }
    return FrameCursor(gathered(count), 0..<count, base: base, interner)
  }

  mutating func next() throws(CheckpointError) -> CheckpointFrame {
    let start = offset
    var prefix = try raw(9)
    let length = try prefix.word()
    let code = try prefix.byte()
    guard length >= 1, length - 1 <= UInt64(left) else {
      throw .malformed(at: start, "a frame of \(length) bytes, with \(left) left")
    }
    guard let kind = FrameKind(rawValue: code) else {
      throw .malformed(at: start, "a frame of the unknown kind \(code)")
    }
    return CheckpointFrame(kind: kind, cursor: try raw(Int(length - 1)))
  }

  func finish() throws(CheckpointError) {
    guard left == 0 else { throw malformed("\(left) bytes after the end") }
  }

  private func malformed(_ reason: String) -> CheckpointError { .malformed(at: offset, reason) }

  private mutating func skipReadChunks() {
    while index < chunks.count, at == chunks[index].count {
      chunks[index] = []
      index += 1
      at = 0
    }
  }

  /// Bytes that lie in more than one chunk. There are as many, so this reserves what is there.
  private mutating func gathered(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count, index < chunks.count {
      let end = min(chunks[index].count, at + count - bytes.count)
      bytes.append(contentsOf: chunks[index][at..<end])
      at = end
      skipReadChunks()
    }
    return bytes
  }
}
