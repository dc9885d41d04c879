import System5Core
import System5Wire
import Testing

/// Decodes one record; key `acme` and a timestamp unless told otherwise.
func decode<P: WirePayload>(
  _ value: [UInt8]?, as type: P.Type, key: [UInt8]? = Array("acme".utf8),
  timestamp: Int64? = 1_000, headers: [RawHeader] = [], rules: Rules = Rules()
) throws(Rejection) -> Event<P> {
  let line = RecordLine(
    topic: "t", timestampMilliseconds: timestamp, key: key, headers: headers, value: value)
  let result = line.withRecord { record in
    Result { () throws(Rejection) in try EventDecoder(rules: rules).decode(record, as: type) }
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
