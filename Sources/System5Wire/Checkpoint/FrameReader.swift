import System5Core

/// One frame, with the cursor on its first field.
struct CheckpointFrame {
  fileprivate(set) var kind: FrameKind
  var cursor: FrameCursor
}

/// Takes frames out of chunks in order, and lets go of each chunk that is done with.
struct FrameReader {
  private let interner = Interner()
  private var chunks: [[UInt8]]
  /// The chunk that is being read, and how much of it has been.
  private var index = 0
  private var at = 0
  /// The chunk that the latest cursor reads from; nil if it has its own bytes.
  private var cursorIndex: Int?
  /// How many bytes have been read, and how many are left.
  private var offset: Int64 = 0
  private var left: Int

  init(_ chunks: [[UInt8]], byteCount: Int) {
    self.chunks = chunks
    self.left = byteCount
  }

  /// The next bytes without a frame around them.
  mutating func raw(_ count: Int) throws(CheckpointError) -> FrameCursor {
    cursorIndex = nil
    var cursor = FrameCursor([], 0..<0, base: offset, interner)
    try read(count, with: &cursor)
    return cursor
  }

  mutating func next() throws(CheckpointError) -> CheckpointFrame {
    var frame = CheckpointFrame(kind: .header, cursor: try raw(0))
    try advance(&frame)
    return frame
  }

  /// Goes from the latest frame to the next one.
  mutating func advance(_ frame: inout CheckpointFrame) throws(CheckpointError) {
    let start = offset
    try read(9, with: &frame.cursor)
    let length = try frame.cursor.word()
    let code = try frame.cursor.byte()
    guard length >= 1, length - 1 <= UInt64(left) else {
      throw .malformed(at: start, "a frame of \(length) bytes, with \(left) left")
    }
    guard let kind = FrameKind(rawValue: code) else {
      throw .malformed(at: start, "a frame of the unknown kind \(code)")
    }
    frame.kind = kind
    try read(Int(length - 1), with: &frame.cursor)
  }

  /// Has the latest cursor read the next bytes. One that stays in its chunk is only moved: to make
  /// another for each frame took a tenth of a restore.
  private mutating func read(
    _ count: Int, with cursor: inout FrameCursor
  ) throws(CheckpointError) {
    guard count <= left else { throw malformed("the content ends too soon") }
    let base = offset
    left -= count
    offset += Int64(count)
    skipReadChunks()
    guard index < chunks.count, chunks[index].count - at >= count else {
      cursor = FrameCursor(gathered(count), 0..<count, base: base, interner)
      cursorIndex = nil
      return
    }
    let range = at..<at + count
    at = range.upperBound
    if cursorIndex == index {
      cursor.move(to: range)
    } else {
      cursor = FrameCursor(chunks[index], range, base: base - Int64(range.lowerBound), interner)
      cursorIndex = index
    }
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
