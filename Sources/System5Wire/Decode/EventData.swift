import System5Core

/// The members of an event's `data`, read by name and checked.
public struct EventData {
  let object: JSONNode
  let rules: Rules
  let interner: Interner

  /// The member of that name; one that is null counts as absent.
  @inline(__always)
  func optional(_ name: Word) -> JSONNode? {
    guard let node = object.member(name), node.kind != .null else { return nil }
    return node
  }

  func has(_ name: Word) -> Bool { optional(name) != nil }

  func required(
    _ name: Word, _ expected: @autoclosure () -> String
  ) throws(Rejection) -> JSONNode {
    guard let node = optional(name) else {
      throw Rejection(.invalidData, "`data.\(name)` is missing; expected \(expected()).")
    }
    return node
  }

  func wrong(_ name: Word, _ expected: String) -> Rejection {
    Rejection(.invalidData, "`data.\(name)` is not \(expected).")
  }
}

extension EventData {
  static let idExpected = "a string of 1 to 256 bytes without control characters"

  func id(_ name: Word) throws(Rejection) -> Text {
    try id(name, try required(name, EventData.idExpected))
  }

  func optionalID(_ name: Word) throws(Rejection) -> Text? {
    guard let node = optional(name) else { return nil }
    return try id(name, node)
  }

  private func id(_ name: Word, _ node: JSONNode) throws(Rejection) -> Text {
    guard node.kind == .string, let id = interner.id(of: node.text) else {
      throw wrong(name, EventData.idExpected)
    }
    return id
  }

  func strings(_ name: Word) throws(Rejection) -> [Text] {
    let expected = "an array of strings"
    let node = try required(name, expected)
    guard node.kind == .array else { throw wrong(name, expected) }
    guard let strings = interner.strings(of: node) else { throw wrong(name, expected) }
    return strings
  }

  func flag(_ name: Word) throws(Rejection) -> Bool {
    let node = try required(name, "true or false")
    guard node.kind == .bool else { throw wrong(name, "true or false") }
    return node.isTrue
  }

  func optionalChoice<Choice: WordChoice>(
    _ name: Word, _: Choice.Type
  ) throws(Rejection) -> Choice? {
    guard let node = optional(name) else { return nil }
    guard node.kind == .string, let word = node.word, let choice = Choice(word) else {
      let names = Choice.allCases.map { "\"\($0.rawValue)\"" }
      throw wrong(name, names.joined(separator: " or "))
    }
    return choice
  }
}

/// One of a few things, each named by a word.
protocol WordChoice: CaseIterable, RawRepresentable<String> {
  init?(_ word: Word)
}

extension Role: WordChoice {
  init?(_ word: Word) {
    switch word {
    case .environment: self = .environment
    case .system: self = .system
    default: return nil
    }
  }
}

extension Direction: WordChoice {
  init?(_ word: Word) {
    switch word {
    case .above: self = .above
    case .below: self = .below
    default: return nil
    }
  }
}

extension EventData {
  /// What a number may be.
  struct Bounds {
    let range: ClosedRange<Double>
    let expected: String

    static let any = Bounds(
      range: -Rules.largestNumber...Rules.largestNumber,
      expected: "a number between -1e100 and 1e100")
    static let notNegative = Bounds(
      range: 0...Rules.largestNumber, expected: "a number between 0 and 1e100")
    static let share = Bounds(range: 0...1, expected: "a number between 0 and 1")
  }

  func number(_ name: Word, _ bounds: Bounds) throws(Rejection) -> Double {
    try number(name, try required(name, bounds.expected), bounds)
  }

  func optionalNumber(_ name: Word, _ bounds: Bounds) throws(Rejection) -> Double? {
    guard let node = optional(name) else { return nil }
    return try number(name, node, bounds)
  }

  private func number(
    _ name: Word, _ node: JSONNode, _ bounds: Bounds
  ) throws(Rejection) -> Double {
    guard node.kind == .number, bounds.range.contains(node.number) else {
      throw wrong(name, bounds.expected)
    }
    return node.number
  }

  /// The largest count or version: 2^53 − 1, as far as every JSON reader counts without doubt.
  static let largestCount = ExactInteger.limit - 1

  func integer(_ name: Word, from least: Int64) throws(Rejection) -> Int64 {
    try integer(name, try required(name, expectedInteger(from: least)), from: least)
  }

  func optionalInteger(
    _ name: Word, from least: Int64
  ) throws(Rejection) -> Int64? {
    guard let node = optional(name) else { return nil }
    return try integer(name, node, from: least)
  }

  private func integer(
    _ name: Word, _ node: JSONNode, from least: Int64
  ) throws(Rejection) -> Int64 {
    guard node.kind == .number, let value = ExactInteger.value(of: node.text), value >= least,
      value <= EventData.largestCount
    else { throw wrong(name, expectedInteger(from: least)) }
    return value
  }

  private func expectedInteger(from least: Int64) -> String {
    "an integer between \(least) and \(EventData.largestCount)"
  }
}

extension EventData {
  /// Free-form JSON, kept with its numbers as written.
  func freeForm(_ name: Word) throws(Rejection) -> JSONObject {
    try freeForm(name, try required(name, "an object"))
  }

  func optionalFreeForm(_ name: Word) throws(Rejection) -> JSONObject {
    guard let node = optional(name) else { return JSONObject() }
    return try freeForm(name, node)
  }

  private func freeForm(_ name: Word, _ node: JSONNode) throws(Rejection) -> JSONObject {
    guard node.kind == .object else { throw wrong(name, "an object") }
    guard let object = interner.object(of: node) else {
      throw wrong(name, "free of numbers beyond all doubles, such as 1e400")
    }
    let limit = rules.limits.freeFormBytes
    // An escape such as \b grows to \u0008 in canonical text; nothing grows more than threefold.
    if node.raw.count > limit / 3, object.canonicalText.utf8.count > limit {
      throw Rejection(
        .limitExceeded, "`data.\(name)` is larger than the \(limit) bytes that are allowed.")
    }
    return object
  }
}

package enum Identifier {
  /// 1 to 256 bytes without control characters (Unicode's category Cc).
  package static func isValid(_ bytes: some Collection<UInt8>) -> Bool {
    guard (1...256).contains(bytes.count) else { return false }
    if bytes.withContiguousStorageIfAvailable({ isPlain($0.span.bytes) }) == true { return true }
    var previous: UInt8 = 0
    for byte in bytes {
      if byte < 0x20 || byte == 0x7F { return false }
      if previous == 0xC2, byte < 0xA0 { return false }
      previous = byte
    }
    return true
  }

  /// Whether all bytes are printable ASCII; eight at a time, as every id of every event comes here.
  private static func isPlain(_ bytes: RawSpan) -> Bool {
    var offset = 0
    while offset + 8 <= bytes.byteCount {
      let word = bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let deletes = word ^ 0x7F7F_7F7F_7F7F_7F7F
      let found =
        word | ((word &- 0x2020_2020_2020_2020) & ~word)
        | ((deletes &- 0x0101_0101_0101_0101) & ~deletes)
      if found & 0x8080_8080_8080_8080 != 0 { return false }
      offset += 8
    }
    while offset < bytes.byteCount {
      let byte = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      if byte < 0x20 || byte >= 0x7F { return false }
      offset += 1
    }
    return true
  }

  /// The id of a viable system.
  package static func isValidKey(_ bytes: UnsafeRawBufferPointer) -> Bool {
    (1...128).contains(bytes.count) && bytes.allSatisfy { isKeyByte($0) }
  }

  private static func isKeyByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x41...0x5A, 0x61...0x7A, 0x30...0x39: true
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
