import System5Core
import System5Wire

/// A few records of one input topic, one after another.
public struct RecordSequence: Hashable, Sendable {
  /// More are not read, so that no input takes long.
  static let limit = 6

  public var input: InputTopic
  public var records: [FuzzRecord]

  public init(_ input: InputTopic, _ records: [FuzzRecord]) {
    self.input = input
    self.records = records
  }

  init(bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    let inputs = InputTopic.allCases
    input = inputs[Int(reader.byte()) % inputs.count]
    records = []
    while !reader.isAtEnd, records.count < RecordSequence.limit {
      records.append(FuzzRecord(&reader))
    }
  }

  public var bytes: [UInt8] {
    var bytes = [UInt8(InputTopic.allCases.firstIndex(of: input) ?? 0)]
    for record in records { record.append(to: &bytes) }
    return bytes
  }
}

/// A record as plain data.
public struct FuzzRecord: Hashable, Sendable {
  public var key: [UInt8]?
  public var value: [UInt8]?
  public var timestamp: Int64?
  public var headers: [RawHeader]

  public init(_ line: RecordLine) {
    key = line.key
    value = line.value
    timestamp = line.timestampMilliseconds
    headers = line.headers
  }

  /// Bits 0 to 2: what there is; bits 3 to 7: how many headers.
  init(_ reader: inout ByteReader) {
    let flags = reader.byte()
    if flags & 1 != 0 { key = reader.bytes(Int(reader.integer(2))) }
    if flags & 4 != 0 { timestamp = Int64(bitPattern: reader.integer(8)) }
    headers = (0..<flags >> 3).map { _ in
      let name = String(decoding: reader.bytes(Int(reader.byte())), as: UTF8.self)
      let hasValue = reader.byte() & 1 != 0
      return RawHeader(name, hasValue ? reader.bytes(Int(reader.integer(2))) : nil)
    }
    if flags & 2 != 0 { value = reader.bytes(Int(reader.integer(3))) }
  }

  func append(to bytes: inout [UInt8]) {
    let headers = headers.prefix(31)
    bytes.append(
      (key == nil ? 0 : 1) | (value == nil ? 0 : 2) | (timestamp == nil ? 0 : 4)
        | UInt8(headers.count) << 3)
    if let key { bytes.append(Array(key.prefix(0xFFFF)), lengthWidth: 2) }
    if let timestamp { bytes.append(UInt64(bitPattern: timestamp), width: 8) }
    for header in headers {
      bytes.append(Array(header.name.utf8.prefix(0xFF)), lengthWidth: 1)
      bytes.append(header.value == nil ? 0 : 1)
      if let value = header.value { bytes.append(Array(value.prefix(0xFFFF)), lengthWidth: 2) }
    }
    if let value { bytes.append(Array(value.prefix(0xFF_FFFF)), lengthWidth: 3) }
  }

  var line: RecordLine {
    RecordLine(
      topic: "t", timestampMilliseconds: timestamp, key: key, headers: headers, value: value)
  }
}
