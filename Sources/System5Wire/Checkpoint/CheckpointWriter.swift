import System5Core

/// Writes frames and their fields into a buffer that is emptied from its front.
struct CheckpointWriter {
  private var bytes: [UInt8] = []
  /// How many bytes at the front have been taken.
  private var taken = 0
  /// How many systems have been written, and how many of what the store counts.
  private(set) var systems: Int64 = 0
  private(set) var records: Int64 = 0

  var pending: Int { bytes.count - taken }

  /// Takes bytes from the front; fewer where there are no more.
  mutating func take(_ limit: Int) -> [UInt8] {
    let end = taken + min(limit, pending)
    let chunk = Array(bytes[taken..<end])
    taken = end
    // A copy of what is left only after as much has been taken: linear, however small the chunks.
    if taken >= pending {
      bytes.removeFirst(taken)
      taken = 0
    }
    return chunk
  }

  /// Writes a frame around what `body` writes.
  mutating func frame(_ kind: FrameKind, _ body: (inout CheckpointWriter) -> Void) {
    let start = bytes.count
    word(0)
    byte(kind.rawValue)
    body(&self)
    var length = UInt64(bytes.count - start - 8)
    for index in start..<start + 8 {
      bytes[index] = UInt8(truncatingIfNeeded: length)
      length >>= 8
    }
    if kind == .system { systems += 1 }
  }

  /// Notes that this many of what the store counts are in the frame.
  mutating func count(records added: Int) { records += Int64(added) }

  mutating func raw(_ raw: [UInt8]) { bytes.append(contentsOf: raw) }
  mutating func byte(_ value: UInt8) { bytes.append(value) }
  mutating func bool(_ value: Bool) { byte(value ? 1 : 0) }

  mutating func word(_ value: UInt64) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func integer(_ value: Int64) { word(UInt64(bitPattern: value)) }
  mutating func number(_ value: Double) { word(value.bitPattern) }
  mutating func time(_ value: Timestamp) { integer(value.microseconds) }

  /// LEB128.
  mutating func length(_ value: Int) {
    var rest = UInt64(value)
    while rest >= 0x80 {
      byte(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    byte(UInt8(truncatingIfNeeded: rest))
  }

  mutating func text(_ value: Text) { string(value.string) }

  mutating func string(_ value: String) {
    length(value.utf8.count)
    bytes.append(contentsOf: value.utf8)
  }

  mutating func code<Value: CheckpointCode>(_ value: Value) {
    byte(UInt8(truncatingIfNeeded: Value.codes.firstIndex(of: value) ?? 0xFF))
  }

  mutating func optional<Value>(
    _ value: Value?, _ write: (Value, inout CheckpointWriter) -> Void
  ) {
    bool(value != nil)
    if let value { write(value, &self) }
  }

  mutating func optional(_ value: Timestamp?) { optional(value) { $1.time($0) } }
  mutating func optional(_ value: Double?) { optional(value) { $1.number($0) } }

  mutating func list<Value>(
    _ values: [Value], _ write: (Value, inout CheckpointWriter) -> Void
  ) {
    length(values.count)
    for value in values { write(value, &self) }
  }
}
