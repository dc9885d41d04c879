import System5Core

/// Free-form JSON in a checkpoint: a value is a tag and what it needs, a number its spelling.
private enum ValueTag: UInt8 {
  case null, isFalse, isTrue, number, string, array, object
}

extension CheckpointWriter {
  mutating func object(_ object: JSONObject) {
    list(object.members) { member, writer in
      writer.text(member.name)
      writer.value(member.value)
    }
  }

  private mutating func value(_ value: JSONValue) {
    switch value {
    case .null: tag(.null)
    case .bool(let flag): tag(flag ? .isTrue : .isFalse)
    case .number(let number):
      tag(.number)
      text(number.text)
    case .string(let string):
      tag(.string)
      text(string)
    case .array(let elements):
      tag(.array)
      list(elements) { $1.value($0) }
    case .object(let members):
      tag(.object)
      object(members)
    }
  }

  private mutating func tag(_ tag: ValueTag) { byte(tag.rawValue) }
}

extension FrameCursor {
  mutating func object() throws(CheckpointError) -> JSONObject {
    try object(depth: CheckpointFormat.depth)
  }

  /// An object that others are likely to equal: one value for all of them, read once.
  mutating func sharedObject() throws(CheckpointError) -> JSONObject {
    try shared(
      skip: { (cursor) throws(CheckpointError) in
        try cursor.skipObject(depth: CheckpointFormat.depth)
      },
      read: { (cursor) throws(CheckpointError) in
        try cursor.object(depth: CheckpointFormat.depth)
      })
  }

  /// - Parameter depth: how many more arrays and objects may nest; bounds the recursion.
  private mutating func object(depth: Int) throws(CheckpointError) -> JSONObject {
    try checkDepth(depth)
    let members = try list { (cursor) throws(CheckpointError) in
      JSONObject.Member(name: try cursor.sharedText(), value: try cursor.value(depth: depth - 1))
    }
    guard let object = JSONObject(sorted: members) else {
      throw malformed("members that are not in order")
    }
    return object
  }

  private func checkDepth(_ depth: Int) throws(CheckpointError) {
    guard depth > 0 else { throw malformed("a value that nests too deep") }
  }

  private mutating func tag() throws(CheckpointError) -> ValueTag {
    guard let tag = ValueTag(rawValue: try byte()) else { throw malformed("an unknown tag") }
    return tag
  }

  private mutating func skipObject(depth: Int) throws(CheckpointError) {
    try checkDepth(depth)
    try skipList { (cursor) throws(CheckpointError) in
      try cursor.skipText()
      try cursor.skipValue(depth: depth - 1)
    }
  }

  private mutating func skipValue(depth: Int) throws(CheckpointError) {
    switch try tag() {
    case .null, .isFalse, .isTrue: break
    case .number, .string: try skipText()
    case .array:
      try checkDepth(depth)
      try skipList { (cursor) throws(CheckpointError) in try cursor.skipValue(depth: depth - 1) }
    case .object: try skipObject(depth: depth)
    }
  }

  private mutating func value(depth: Int) throws(CheckpointError) -> JSONValue {
    switch try tag() {
    case .null: return JSONValue.null
    case .isFalse: return .bool(false)
    case .isTrue: return .bool(true)
    case .number: return .number(try jsonNumber())
    case .string: return .string(try text())
    case .array:
      try checkDepth(depth)
      return .array(
        try list { (cursor) throws(CheckpointError) in try cursor.value(depth: depth - 1) })
    case .object: return .object(try object(depth: depth))
    }
  }

  private mutating func jsonNumber() throws(CheckpointError) -> JSONNumber {
    let text = try text()
    guard NumberSpelling.isNumber(text.string.utf8) else { throw malformed("no JSON number") }
    // Without an exponent and with at most 300 characters it is below 10^300.
    let isShort = text.byteCount <= 300 && !text.string.utf8.contains(where: NumberSpelling.isE)
    if isShort { return JSONNumber(checked: text) }
    guard let number = JSONNumber(text.string) else {
      throw malformed("a number beyond all doubles")
    }
    return number
  }
}

/// JSON's grammar of numbers (RFC 8259, section 6): Swift takes more for one, and it would get into
/// results.
enum NumberSpelling {
  static func isE(_ byte: UInt8) -> Bool { byte | 0x20 == UInt8(ascii: "e") }

  static func isNumber(_ spelling: String.UTF8View) -> Bool {
    var rest = spelling[...]
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    let whole = digits(&rest)
    guard whole.count > 0, whole.count == 1 || whole.first != UInt8(ascii: "0") else {
      return false
    }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      if digits(&rest).isEmpty { return false }
    }
    if let first = rest.first, isE(first) {
      rest.removeFirst()
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
        rest.removeFirst()
      }
      if digits(&rest).isEmpty { return false }
    }
    return rest.isEmpty
  }

  private static func digits(_ rest: inout Substring.UTF8View) -> Substring.UTF8View {
    let found = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest.removeFirst(found.count)
    return found
  }
}
