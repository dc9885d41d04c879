/// A plain JSON parser by RFC 8259 that keeps numbers as written and refuses repeated names.
struct ReferenceParser {
  enum Failure: Error { case invalid, tooDeep }

  private let bytes: [UInt8]
  private var index = 0
  private let maximumDepth: Int

  /// - Parameter depth: how many arrays and objects may be open at once.
  static func value(of bytes: [UInt8], depth: Int = 64) throws(Failure) -> ReferenceValue {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw .invalid }
    var parser = ReferenceParser(bytes: bytes, maximumDepth: depth)
    let value = try parser.value(inside: 0)
    parser.skipSpace()
    guard parser.next == nil else { throw .invalid }
    return value
  }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func value(inside depth: Int) throws(Failure) -> ReferenceValue {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(inside: try deeper(depth))
    case UInt8(ascii: "["): return try list(inside: try deeper(depth))
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .literal(try number())
    }
  }

  private func deeper(_ depth: Int) throws(Failure) -> Int {
    guard depth < maximumDepth else { throw .tooDeep }
    return depth + 1
  }

  private mutating func object(inside depth: Int) throws(Failure) -> ReferenceValue {
    index += 1
    var members: [ReferenceWord: ReferenceValue] = [:]
    skipSpace()
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      let name = try text()
      skipSpace()
      try expect(":")
      guard members.updateValue(try value(inside: depth), forKey: name) == nil else {
        throw .invalid
      }
      skipSpace()
    } while take(",")
    try expect("}")
    return .object(members)
  }

  private mutating func list(inside depth: Int) throws(Failure) -> ReferenceValue {
    index += 1
    var elements: [ReferenceValue] = []
    skipSpace()
    if take("]") { return .list(elements) }
    repeat {
      elements.append(try value(inside: depth))
      skipSpace()
    } while take(",")
    try expect("]")
    return .list(elements)
  }

  private mutating func number() throws(Failure) -> String {
    let from = index
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      try digits()
    }
    return String(decoding: bytes[from..<index], as: UTF8.self)
  }

  private mutating func digits() throws(Failure) {
    let from = index
    while let byte = next, byte >= 0x30, byte <= 0x39 { index += 1 }
    if index == from { throw .invalid }
  }

  private mutating func word(
    _ word: String, _ value: ReferenceValue
  ) throws(Failure) -> ReferenceValue {
    guard bytes[index...].starts(with: word.utf8) else { throw .invalid }
    index += word.utf8.count
    return value
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      index += 1
    }
  }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: byte) else { return false }
    index += 1
    return true
  }

  private mutating func expect(_ byte: Unicode.Scalar) throws(Failure) {
    guard take(byte) else { throw .invalid }
  }
}

extension ReferenceParser {
  private mutating func text() throws(Failure) -> ReferenceWord {
    try expect("\"")
    var text: [UInt8] = []
    while let byte = next {
      index += 1
      if byte == UInt8(ascii: "\"") { return ReferenceWord(text) }
      if byte < 0x20 { throw .invalid }
      if byte == UInt8(ascii: "\\") {
        text += String(try escaped()).utf8
      } else {
        text.append(byte)
      }
    }
    throw .invalid
  }

  private mutating func escaped() throws(Failure) -> Unicode.Scalar {
    guard let byte = next else { throw .invalid }
    index += 1
    switch Unicode.Scalar(byte) {
    case "\"", "\\", "/": return Unicode.Scalar(byte)
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u": return try unicode()
    default: throw .invalid
    }
  }

  /// Half of a surrogate pair stands for no character.
  private mutating func unicode() throws(Failure) -> Unicode.Scalar {
    let first = try fourDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, take("\\"), take("u") else { throw .invalid }
    let second = try fourDigits()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw .invalid }
    return scalar
  }

  private mutating func fourDigits() throws(Failure) -> UInt32 {
    let text = String(decoding: bytes[index...].prefix(4), as: UTF8.self)
    guard text.utf8.count == 4, text.allSatisfy(\.isHexDigit), let value = UInt32(text, radix: 16)
    else { throw .invalid }
    index += 4
    return value
  }
}
