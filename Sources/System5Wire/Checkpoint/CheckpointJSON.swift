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
    if takesEmptyList() { return JSONObject() }
    return try shared(
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

  mutating func skipObject() throws(CheckpointError) {
    try skipObject(depth: CheckpointFormat.depth)
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
    let (text, hasExponent) = try numberText()
    // Without an exponent and with at most 300 characters it is below 10^300.
    if !hasExponent, text.byteCount <= 300 { return JSONNumber(checked: text) }
    guard let number = JSONNumber(text.string) else {
      throw malformed("a number beyond all doubles")
    }
    return number
  }
}

/// JSON's grammar of numbers (RFC 8259, section 6): Swift takes more for one, and it would get into
/// results.
enum NumberSpelling {
  /// Whether a number has an exponent; nil for what is no number.
  static func hasExponent(_ spelling: Span<UInt8>) -> Bool? {
    var at = !spelling.isEmpty && spelling[0] == UInt8(ascii: "-") ? 1 : 0
    let whole = at
    at = skipDigits(in: spelling, from: at)
    guard at > whole, at == whole + 1 || spelling[whole] != UInt8(ascii: "0") else { return nil }
    if at < spelling.count, spelling[at] == UInt8(ascii: ".") {
      let fraction = at + 1
      at = skipDigits(in: spelling, from: fraction)
      guard at > fraction else { return nil }
    }
    guard at < spelling.count else { return false }
    guard spelling[at] | 0x20 == UInt8(ascii: "e") else { return nil }
    at += 1
    if at < spelling.count, isSign(spelling[at]) { at += 1 }
    return at < spelling.count && skipDigits(in: spelling, from: at) == spelling.count ? true : nil
  }

  private static func isSign(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
  }

  private static func skipDigits(in spelling: Span<UInt8>, from start: Int) -> Int {
    var at = start
    while at < spelling.count, spelling[at] &- UInt8(ascii: "0") < 10 { at += 1 }
    return at
  }
}
