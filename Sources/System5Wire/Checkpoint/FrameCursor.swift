import System5Core

/// Reads the fields of one frame in order, and never beyond its end.
///
/// Works on bytes that a hostile writer may have made: whatever they are, a read ends with a value
/// or a ``CheckpointError/malformed(at:_:)``, and reserves no more memory than the frame has bytes,
/// but for a few elements of a list.
struct FrameCursor {
  private let bytes: [UInt8]
  private let interner: Interner
  private var at: Int
  private var end: Int
  /// Where `bytes` begins in the content.
  private let base: Int64

  init(_ bytes: [UInt8], _ range: Range<Int>, base: Int64, _ interner: Interner) {
    self.bytes = bytes
    self.interner = interner
    self.at = range.lowerBound
    self.end = range.upperBound
    self.base = base
  }

  /// Goes to a frame in the same bytes.
  mutating func move(to range: Range<Int>) {
    at = range.lowerBound
    end = range.upperBound
  }

  var remaining: Int { end - at }
  /// Where the next field lies in the content.
  var offset: Int64 { base + Int64(at) }

  func malformed(_ reason: String) -> CheckpointError { .malformed(at: offset, reason) }

  func finish() throws(CheckpointError) {
    guard remaining == 0 else { throw malformed("\(remaining) bytes too many in a frame") }
  }

  @inline(__always)
  private func require(_ count: Int) throws(CheckpointError) {
    guard count <= remaining else { throw malformed("a frame ends within a field") }
  }

  @inline(__always)
  mutating func byte() throws(CheckpointError) -> UInt8 {
    try require(1)
    defer { at += 1 }
    return bytes[at]
  }

  mutating func bool() throws(CheckpointError) -> Bool {
    let value = try byte()
    guard value <= 1 else { throw malformed("\(value) where 0 or 1 was expected") }
    return value == 1
  }

  @inline(__always)
  mutating func word() throws(CheckpointError) -> UInt64 {
    try require(8)
    defer { at += 8 }
    return littleWord(of: bytes, at: at)
  }

  mutating func integer() throws(CheckpointError) -> Int64 { Int64(bitPattern: try word()) }

  /// An integer that counts something.
  mutating func tally() throws(CheckpointError) -> Int64 {
    let value = try integer()
    guard value >= 0 else { throw malformed("a count below 0") }
    return value
  }

  /// Always finite: no event brings in another, so one here can only be damage.
  mutating func number() throws(CheckpointError) -> Double {
    let value = Double(bitPattern: try word())
    guard value.isFinite else { throw malformed("a number that is not finite") }
    return value
  }

  mutating func time() throws(CheckpointError) -> Timestamp {
    Timestamp(microseconds: try integer())
  }

  /// A length or count by LEB128, in as few bytes as it takes.
  @inline(__always)
  mutating func length() throws(CheckpointError) -> Int {
    // Most are below 128.
    guard at < end, bytes[at] < 0x80 else { return try longLength() }
    defer { at += 1 }
    return Int(bytes[at])
  }

  @inline(never)
  private mutating func longLength() throws(CheckpointError) -> Int {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 63, by: 7) {
      let next = try byte()
      value |= UInt64(next & 0x7F) << shift
      guard next < 0x80 else { continue }
      guard next > 0 || shift == 0 else { throw malformed("a length with needless bytes") }
      return Int(value)
    }
    throw malformed("a length of more than 9 bytes")
  }

  mutating func text() throws(CheckpointError) -> Text {
    // First the range: in one expression with it there would be a copy of the cursor.
    let range = try textRange()
    return Text(try string(range))
  }

  /// A text that others are likely to equal: one object for all of them.
  mutating func sharedText() throws(CheckpointError) -> Text {
    let range = try textRange()
    // Up to 15 bytes a string has no object that could be shared.
    if range.count <= 15 { return Text(try string(range)) }
    return try interner.text(of: bytes.span.bytes.extracting(range)) {
      () throws(CheckpointError) in Text(try string(range))
    }
  }

  /// A JSON number, and whether it has an exponent.
  mutating func numberText() throws(CheckpointError) -> (text: Text, hasExponent: Bool) {
    let range = try textRange()
    guard let hasExponent = numberHasExponent(in: bytes, range) else {
      _ = try string(range)
      throw malformed("no JSON number")
    }
    return (Text(try string(range)), hasExponent)
  }

  /// Whether there is an empty list, which is then read.
  mutating func takesEmptyList() -> Bool {
    guard remaining > 0, bytes[at] == 0 else { return false }
    at += 1
    return true
  }

  mutating func skipText() throws(CheckpointError) { _ = try textRange() }

  private mutating func textRange() throws(CheckpointError) -> Range<Int> {
    let count = try length()
    try require(count)
    defer { at += count }
    return at..<at + count
  }

  private func string(_ range: Range<Int>) throws(CheckpointError) -> String {
    guard let string = validString(in: bytes, range) else {
      throw malformed("a text that is not UTF-8")
    }
    return string
  }

  /// Reads an object only where there has been none that was written the same.
  ///
  /// - Parameters:
  ///   - skip: goes to where it ends.
  ///   - read: reads it, from where it begins.
  mutating func shared(
    skip: (inout FrameCursor) throws(CheckpointError) -> Void,
    read: (inout FrameCursor) throws(CheckpointError) -> JSONObject
  ) throws(CheckpointError) -> JSONObject {
    let start = at
    try skip(&self)
    return try interner.object(of: bytes.span.bytes.extracting(start..<at)) {
      () throws(CheckpointError) in
      var first = self
      first.at = start
      return try read(&first)
    }
  }

  /// A list that others are likely to equal: one value for all of them, read once.
  mutating func sharedTexts() throws(CheckpointError) -> [Text] {
    let start = at
    try skipList { (cursor) throws(CheckpointError) in try cursor.skipText() }
    return try interner.strings(of: bytes.span.bytes.extracting(start..<at)) {
      () throws(CheckpointError) in
      var first = self
      first.at = start
      return try first.list { (cursor) throws(CheckpointError) in try cursor.sharedText() }
    }
  }

  /// Goes past some fields; returns where they lie.
  mutating func skip(
    _ skip: (inout FrameCursor) throws(CheckpointError) -> Void
  ) throws(CheckpointError) -> Range<Int> {
    let start = at
    try skip(&self)
    return start..<at
  }

  /// Has fields that were gone past be read.
  mutating func goBack(to range: Range<Int>) { at = range.lowerBound }

  func hash(of range: Range<Int>) -> UInt64 { System5Wire.hash(of: bytes, range) }

  func bytes(at range: Range<Int>) -> [UInt8] { Array(bytes[range]) }

  func holds(_ known: borrowing [UInt8], at range: Range<Int>) -> Bool {
    isEqual(known, bytes, range)
  }

  mutating func code<Value: CheckpointCode>(
    _ type: Value.Type = Value.self
  ) throws(CheckpointError) -> Value {
    let index = Int(try byte())
    guard index < Value.codes.count else { throw malformed("the unknown code \(index)") }
    return Value.codes[index]
  }

  mutating func optional<Value>(
    _ read: (inout FrameCursor) throws(CheckpointError) -> Value
  ) throws(CheckpointError) -> Value? {
    try bool() ? try read(&self) : nil
  }

  /// A list whose elements take one byte at least, so that a false count ends soon. Little is
  /// reserved for it, since lists nest: what most lists need.
  mutating func list<Value>(
    _ read: (inout FrameCursor) throws(CheckpointError) -> Value
  ) throws(CheckpointError) -> [Value] {
    let count = try length()
    try require(count)
    guard count > 0 else { return [] }
    var values: [Value] = []
    values.reserveCapacity(min(count, 8))
    for _ in 0..<count { values.append(try read(&self)) }
    return values
  }

  mutating func skipList(
    _ skip: (inout FrameCursor) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    let count = try length()
    try require(count)
    for _ in 0..<count { try skip(&self) }
  }

  /// A column of words, which are all there before memory is reserved for them.
  mutating func column<Value>(
    _ count: Int, _ make: (UInt64) -> Value
  ) throws(CheckpointError) -> [Value] {
    let (size, overflow) = count.multipliedReportingOverflow(by: 8)
    guard !overflow else { throw malformed("a column of \(count) words") }
    try require(size)
    let start = at
    at += size
    let span = bytes.span.bytes
    var values: [Value] = []
    values.reserveCapacity(count)
    for index in 0..<count { values.append(make(span.word(start + index * 8))) }
    return values
  }
}

// With a span of its own bytes at hand a cursor would hold on to them, which took a tenth of a
// restore; of what is borrowed there is no copy.

private func littleWord(of bytes: borrowing [UInt8], at offset: Int) -> UInt64 {
  bytes.span.bytes.word(offset)
}

private func numberHasExponent(in bytes: borrowing [UInt8], _ range: Range<Int>) -> Bool? {
  NumberSpelling.hasExponent(bytes.span.extracting(range))
}

/// nil for what is not UTF-8.
private func validString(in bytes: borrowing [UInt8], _ range: Range<Int>) -> String? {
  do {
    return String(copying: try UTF8Span(validating: bytes.span.extracting(range)))
  } catch {
    return nil
  }
}

private func hash(of bytes: borrowing [UInt8], _ range: Range<Int>) -> UInt64 {
  ByteHash.hash(bytes.span.bytes.extracting(range))
}

private func isEqual(
  _ known: borrowing [UInt8], _ bytes: borrowing [UInt8], _ range: Range<Int>
) -> Bool { known.span.bytes.isEqual(to: bytes.span.bytes.extracting(range)) }
