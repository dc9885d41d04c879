import System5Core

/// Takes a parsed line apart.
struct LineReader {
  let root: JSONNode

  func recordLine() throws(RecordLineError) -> RecordLine {
    guard let topic = try text(.topic) else {
      throw RecordLineError("The line has no `topic`; expected a string.")
    }
    var line = RecordLine(topic: String(decoding: topic, as: UTF8.self))
    line.partition = try integer(.partition).map { Int32(clamping: $0) }
    if line.partition == .max { throw RecordLineError("`partition` is too large.") }
    line.offset = try integer(.offset)
    line.key = try bytes(.keyBase64)
    if line.key == nil { line.key = try text(.key) }
    if let headers = member(.headers) { line.headers = try LineHeaders.headers(of: headers) }
    line.value = try bytes(.valueBase64)
    if line.value == nil { line.value = root.member(.value).map { Array($0.raw) } }
    line.timestampMilliseconds = try timestamp()
    if line.timestampMilliseconds == nil {
      line.timestampMilliseconds = eventTime(line.headers)
    }
    return line
  }

  private func member(_ name: Word) -> JSONNode? {
    guard let node = root.member(name), node.kind != .null else { return nil }
    return node
  }

  private func text(_ name: Word) throws(RecordLineError) -> [UInt8]? {
    guard let node = member(name) else { return nil }
    guard node.kind == .string else { throw RecordLineError("`\(name)` is not a string.") }
    return Array(node.text)
  }

  private func bytes(_ name: Word) throws(RecordLineError) -> [UInt8]? {
    guard let text = try text(name) else { return nil }
    guard let bytes = Base64.decode(text) else {
      throw RecordLineError("`\(name)` is not Base64 with padding.")
    }
    return bytes
  }

  private func integer(_ name: Word) throws(RecordLineError) -> Int64? {
    guard let node = member(name) else { return nil }
    guard node.kind == .number, let value = ExactInteger.value(of: node.text), value >= 0 else {
      throw RecordLineError("`\(name)` is not an integer of 0 or more.")
    }
    return value
  }

  private func timestamp() throws(RecordLineError) -> Int64? {
    guard let text = try text(.timestamp) else { return nil }
    guard let time = RFC3339.timestamp(of: text) else {
      throw RecordLineError("`timestamp` is not a timestamp by RFC 3339.")
    }
    return time.milliseconds
  }

  /// What stands in for a timestamp left out: the event's `time`.
  private func eventTime(_ headers: [RawHeader]) -> Int64? {
    if let time = headers.value(named: "ce_time") {
      return RFC3339.timestamp(of: time)?.milliseconds
    }
    guard let time = root.member(.value)?.member(.time), time.kind == .string else {
      return nil
    }
    return RFC3339.timestamp(of: time.text)?.milliseconds
  }
}

/// The `headers` of a line.
///
/// Names are told apart by their bytes: two spellings of one name in Unicode are two names.
enum LineHeaders {
  static func members(of headers: [RawHeader]) -> [OrderedJSON.Member] {
    var names: [Text] = []
    var values: [Text: [OrderedJSON]] = [:]
    for header in headers {
      let name = Text(header.name)
      if values[name] == nil { names.append(name) }
      values[name, default: []].append(json(header.value))
    }
    return names.map { name in
      let list = values[name] ?? []
      let only = list.count == 1 ? list.first : nil
      return .init(name.string, only ?? .list(list))
    }
  }

  private static func json(_ value: [UInt8]?) -> OrderedJSON {
    guard let value else { return .null }
    if let text = String(validating: value, as: UTF8.self) { return .string(text) }
    return .object([.init("base64", .string(Base64.encode(value)))])
  }

  static func headers(of node: JSONNode) throws(RecordLineError) -> [RawHeader] {
    guard node.kind == .object else { throw RecordLineError("`headers` is not an object.") }
    var headers: [RawHeader] = []
    for (key, value) in node.members {
      let name = key.string
      if value.kind == .array {
        for element in value.elements { headers.append(try header(name, element)) }
      } else {
        headers.append(try header(name, value))
      }
    }
    return headers
  }

  private static func header(
    _ name: String, _ node: JSONNode
  ) throws(RecordLineError) -> RawHeader {
    switch node.kind {
    case .null: return RawHeader(name, nil)
    case .string: return RawHeader(name, Array(node.text))
    default:
      guard let text = node.member(.base64), text.kind == .string,
        let bytes = Base64.decode(text.text)
      else {
        throw RecordLineError(
          "The header `\(name)` is not a string, null or {\"base64\":\"…\"}.")
      }
      return RawHeader(name, bytes)
    }
  }
}
