import System5Core

/// A record as one line of JSON. Contract, section 6.
///
/// Bytes that are not JSON text stand as Base64: a value in `value_base64`, a key that is not UTF-8
/// in `key_base64`. A header's value is a string, null, or `{"base64":"…"}` where it is not UTF-8;
/// several headers of one name are an array of these at the place of the first.
public struct RecordLine: Hashable, Sendable {
  /// With the deployment's prefix.
  public var topic: String
  public var partition: Int32?
  public var offset: Int64?
  /// Milliseconds since 1970.
  public var timestampMilliseconds: Int64?
  public var key: [UInt8]?
  public var headers: [RawHeader]
  public var value: [UInt8]?

  public init(
    topic: String, partition: Int32? = nil, offset: Int64? = nil,
    timestampMilliseconds: Int64? = nil, key: [UInt8]? = nil, headers: [RawHeader] = [],
    value: [UInt8]? = nil
  ) {
    self.topic = topic
    self.partition = partition
    self.offset = offset
    self.timestampMilliseconds = timestampMilliseconds
    self.key = key
    self.headers = headers
    self.value = value
  }

  /// A result's line; its offset is not known before it is written.
  public init(_ record: ResultRecord, prefix: String, offset: Int64? = nil) {
    self.init(
      topic: prefix + record.topic.suffix, partition: record.partition, offset: offset,
      timestampMilliseconds: record.timestampMilliseconds, key: record.key,
      headers: record.headers, value: record.value)
  }

  /// Lends the record to `body`.
  public func withRecord<Output>(_ body: (RawRecord) -> Output) -> Output {
    RecordLine.withBytes(of: key) { key in
      RecordLine.withBytes(of: value) { value in
        body(
          RawRecord(
            key: key, value: value, timestampMilliseconds: timestampMilliseconds,
            headers: headers))
      }
    }
  }

  private static func withBytes<Output>(
    of bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Output
  ) -> Output {
    guard let bytes else { return body(nil) }
    return bytes.withUnsafeBytes { body($0) }
  }
}

/// Why a line is no record.
public struct RecordLineError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// Reads and writes record lines, with buffers that it keeps. Confined to one thread.
public final class RecordLineCoder {
  private let parser = JSONParser()

  public init() {}

  /// - Parameter line: without its line feed.
  public func parse(_ line: [UInt8]) throws(RecordLineError) -> RecordLine {
    let result: Result<RecordLine, RecordLineError> = line.withUnsafeBytes { bytes in
      Result { () throws(RecordLineError) in try parse(bytes) }
    }
    return try result.get()
  }

  /// - Parameter line: without its line feed.
  public func parse(_ line: UnsafeRawBufferPointer) throws(RecordLineError) -> RecordLine {
    let root: JSONNode
    do throws(JSONError) {
      root = try parser.parse(line, depth: JSONParser.lineDepth)
    } catch {
      throw RecordLineError("The line is not valid JSON: \(error.description).")
    }
    guard root.kind == .object else { throw RecordLineError("The line is not a JSON object.") }
    return try LineReader(root: root).recordLine()
  }

  /// The line without a line feed.
  public func encode(_ line: RecordLine) -> [UInt8] {
    var members: [OrderedJSON.Member?] = [
      .init("topic", .string(line.topic)),
      .optional("partition", line.partition.map { .integer(Int64($0)) }),
      .optional("offset", line.offset.map(OrderedJSON.integer)),
      .optional("timestamp", line.timestampMilliseconds.map { .time(.init(milliseconds: $0)) }),
    ]
    if let key = line.key {
      let text = String(validating: key, as: UTF8.self)
      members.append(
        text.map { .init("key", .string($0)) }
          ?? .init("key_base64", .string(Base64.encode(key))))
    }
    members.append(.init("headers", .object(LineHeaders.members(of: line.headers))))
    let value = line.value
    let isText = value.map(isOneLineOfJSON) ?? false
    if let value, !isText {
      members.append(.init("value_base64", .string(Base64.encode(value))))
    }
    var bytes = OrderedJSON.object(members.compactMap(\.self)).bytes
    if let value, isText {
      bytes.removeLast()
      bytes.append(contentsOf: ",\"value\":".utf8)
      bytes.append(contentsOf: value)
      bytes.append(UInt8(ascii: "}"))
    }
    return bytes
  }

  /// Whether the bytes can stand in a line as they are and be read from it as they were.
  private func isOneLineOfJSON(_ value: [UInt8]) -> Bool {
    guard let first = value.first, let last = value.last, first > 0x20, last > 0x20,
      !value.contains(0x0A), !value.contains(0x0D)
    else { return false }
    return value.withUnsafeBytes { bytes in
      (try? parser.parse(bytes, depth: JSONParser.lineDepth - 1))?.isFinite ?? false
    }
  }
}
