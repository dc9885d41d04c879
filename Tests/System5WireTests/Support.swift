import System5Core
import System5Wire
import Testing

/// An event as it was read, with what tells it from others.
@dynamicMemberLookup struct Decoded<P: WirePayload> {
  let event: Event<P>
  let source: String
  let id: String

  init(_ record: RawRecord, _ decoder: EventDecoder) throws(Rejection) {
    event = try decoder.decode(record, as: P.self)
    let head = try decoder.head(of: record, for: P.input)
    source = String(decoding: head.source, as: UTF8.self)
    id = String(decoding: head.id, as: UTF8.self)
  }

  subscript<Value>(dynamicMember path: KeyPath<Event<P>, Value>) -> Value { event[keyPath: path] }
}

/// Decodes one record; key `acme` and a timestamp unless told otherwise.
func decode<P: WirePayload>(
  _ value: [UInt8]?, as type: P.Type, key: [UInt8]? = Array("acme".utf8),
  timestamp: Int64? = 1_000, headers: [RawHeader] = [], rules: Rules = Rules()
) throws(Rejection) -> Decoded<P> {
  let line = RecordLine(
    topic: "t", timestampMilliseconds: timestamp, key: key, headers: headers, value: value)
  let result = line.withRecord { record in
    Result { () throws(Rejection) in try Decoded<P>(record, EventDecoder(rules: rules)) }
  }
  return try result.get()
}

func event(_ type: String, _ data: String, time: String? = nil) -> [UInt8] {
  let time = time.map { #","time":"\#($0)""# } ?? ""
  return Array(
    #"{"specversion":"1.0","id":"e","source":"/s","type":"\#(type)"\#(time),"data":\#(data)}"#.utf8)
}

func policy(_ type: String, _ data: String) throws -> PolicyEvent {
  try decode(event("system5.policy.\(type)", data), as: PolicyEvent.self).payload
}

func adaptation(_ type: String, _ data: String) throws -> AdaptationEvent {
  try decode(event("system5.\(type)", data), as: AdaptationEvent.self).payload
}

func variety(_ type: String, _ data: String) throws -> VarietyEvent {
  try decode(event("system5.variety.\(type)", data), as: VarietyEvent.self).payload
}

/// The code that a value is rejected with; nil if it is not.
func code<P: WirePayload>(
  of value: [UInt8]?, as type: P.Type, key: [UInt8]? = Array("acme".utf8),
  timestamp: Int64? = 1_000, headers: [RawHeader] = [], rules: Rules = Rules()
) -> RejectionCode? {
  do {
    _ = try decode(
      value, as: type, key: key, timestamp: timestamp, headers: headers, rules: rules)
    return nil
  } catch {
    return error.code
  }
}

func object(_ text: String) throws -> JSONObject {
  guard case .object(let object) = try JSONParser().value(of: Array(text.utf8)) else {
    throw Rejection(.invalidData, "no object")
  }
  return object
}

func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
