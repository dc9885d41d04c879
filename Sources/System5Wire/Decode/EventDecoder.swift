import System5Core

/// All of an event but its payload. Its bytes are of its record, or the decoder's until it decodes
/// again.
public struct EventHead {
  public let system: Text
  /// What tells the event from others.
  public let source: UnsafeBufferPointer<UInt8>
  public let id: UnsafeBufferPointer<UInt8>
  public let time: Timestamp
  public let recordTime: Timestamp?
  let type: EventType
  let data: EventData
}

/// Takes records apart: key, envelope, data. Confined to one thread.
public final class EventDecoder {
  /// The largest value of a record in bytes.
  public static let largestValue = 1_048_576

  public let rules: Rules
  private let parser = JSONParser()
  private let interner = Interner()
  private let headerBytes = HeaderBytes()

  public init(rules: Rules) { self.rules = rules }

  /// A whole event.
  public func decode<P: WirePayload>(
    _ record: RawRecord, as: P.Type
  ) throws(Rejection) -> Event<P> {
    let head = try head(of: record, for: P.input)
    return Event(
      system: head.system, time: head.time, recordTime: head.recordTime,
      payload: try P(type: head.type, data: head.data))
  }

  /// What comes before the payload, to be decoded with it by ``WirePayload/init(type:data:)``.
  public func head(of record: RawRecord, for input: InputTopic) throws(Rejection) -> EventHead {
    let system = try system(record.key)
    let root = try parse(try value(record.value))
    let envelope = try envelope(root, record.headers)
    let time = try time(envelope, record.timestampMilliseconds)
    let type = try type(envelope.type, for: input)
    guard envelope.data.kind == .object else {
      throw Rejection(.invalidData, "`data` is not an object.")
    }
    return EventHead(
      system: system, source: envelope.source, id: envelope.id, time: time,
      recordTime: record.timestampMilliseconds.map(Timestamp.init(milliseconds:)), type: type,
      data: EventData(object: envelope.data, rules: rules, interner: interner))
  }

  private func system(_ key: UnsafeRawBufferPointer?) throws(Rejection) -> Text {
    guard let key, !key.isEmpty else {
      throw Rejection(
        .missingKey, "The record has no key; expected the id of a viable system.")
    }
    guard let system = interner.system(of: key.assumingMemoryBound(to: UInt8.self)) else {
      throw Rejection(
        .badKey, "The record's key is not 1 to 128 characters of A-Z, a-z, 0-9 and . _ : -.")
    }
    return system
  }

  private func value(
    _ value: UnsafeRawBufferPointer?
  ) throws(Rejection) -> UnsafeRawBufferPointer {
    guard let value, !value.isEmpty else {
      throw Rejection(.emptyValue, "The record has no value; expected a CloudEvent.")
    }
    guard value.count <= EventDecoder.largestValue else {
      throw Rejection(
        .tooLarge,
        "The value has \(value.count) bytes; at most \(EventDecoder.largestValue) are allowed.")
    }
    return value
  }

  private func parse(_ value: UnsafeRawBufferPointer) throws(Rejection) -> JSONNode {
    do throws(JSONError) {
      return try parser.parse(value)
    } catch {
      switch error.kind {
      case .invalid:
        throw Rejection(.notJSON, "The value is not valid JSON: \(error.description).")
      case .tooDeep:
        throw Rejection(
          .tooDeep, "The value nests deeper than the \(JSONParser.eventDepth) levels allowed.")
      }
    }
  }

  private func envelope(
    _ root: JSONNode, _ headers: [RawHeader]
  ) throws(Rejection) -> Envelope {
    switch ContentMode(headers, value: root) {
    case .structured: try Envelope(structured: root)
    case .binary: try Envelope(binary: root, headers: headers, headerBytes)
    }
  }

  private func time(
    _ envelope: Envelope, _ milliseconds: Int64?
  ) throws(Rejection) -> Timestamp {
    if let time = envelope.time { return time }
    guard let time = milliseconds.map(Timestamp.init(milliseconds:)),
      time >= RFC3339.earliest, time <= RFC3339.latest
    else {
      throw Envelope.invalid(
        "The attribute `time` is missing and the record has no timestamp to stand in for it.")
    }
    return time
  }

  private func type(
    _ name: Envelope.TypeName, for input: InputTopic
  ) throws(Rejection) -> EventType {
    switch name {
    case .known(let type) where type.input == input: return type
    case .known(let type):
      throw Rejection(
        .unsupportedType,
        "The type `\(type.name)` belongs on \(type.input.suffix), not on \(input.suffix).")
    case .unknown(let name):
      let name = String(decoding: name, as: UTF8.self)
      let known = EventType.allCases.filter { $0.input == input }.map { "\($0.name)" }
      throw Rejection(
        .unsupportedType,
        "The type `\(name)` is unknown; expected one of \(known.joined(separator: ", ")).")
    }
  }
}
