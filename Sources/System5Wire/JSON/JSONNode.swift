import CSimdjson
import System5Core

/// One value of a parsed document, in the parser's memory; holds until its parser parses again.
struct JSONNode {
  enum Kind { case null, bool, number, string, array, object }

  fileprivate let node: UnsafePointer<s5_json_node>
  /// What texts are counted from, and the document as it was given.
  fileprivate let base: UnsafePointer<UInt8>
  fileprivate let document: UnsafeRawPointer

  init(root: UnsafePointer<s5_json_node>, text: UnsafePointer<UInt8>, document: UnsafeRawPointer) {
    node = root
    base = text
    self.document = document
  }

  @inline(__always)
  fileprivate init(_ node: UnsafePointer<s5_json_node>, in document: JSONNode) {
    self.node = node
    base = document.base
    self.document = document.document
  }

  @inline(__always)
  var kind: Kind {
    switch s5_json_kind(rawValue: UInt32(node.pointee.kind)) {
    case S5_JSON_FALSE, S5_JSON_TRUE: .bool
    case S5_JSON_NUMBER: .number
    case S5_JSON_STRING: .string
    case S5_JSON_ARRAY: .array
    case S5_JSON_OBJECT: .object
    default: .null
    }
  }

  var isTrue: Bool { node.pointee.kind == UInt8(S5_JSON_TRUE.rawValue) }

  /// Of a number the nearest double, infinite if it is beyond all of them.
  var number: Double { node.pointee.number }

  /// Whether every number in the value is within a double's range, so that any reader keeps it.
  var isFinite: Bool {
    (0..<Int(node.pointee.extent)).allSatisfy { node[$0].number.isFinite }
  }

  /// Of a string its bytes without quotes and escapes, of a number its spelling.
  @inline(__always)
  var text: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: base + Int(node.pointee.start), count: Int(node.pointee.length))
  }

  /// Valid UTF-8, as the parser has checked.
  var string: String { String(decoding: text, as: UTF8.self) }

  /// Which word a string is; nil for any other.
  @inline(__always)
  var word: Word? { Word(rawValue: node.pointee.word) }

  /// Which type of event a string names; nil for any other.
  var eventType: EventType? {
    let (number, isBelow) = node.pointee.word.subtractingReportingOverflow(Vocabulary.firstType)
    return isBelow ? nil : EventType(rawValue: number)
  }

  /// The value as it was written.
  var raw: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: document + Int(node.pointee.raw_start), count: Int(node.pointee.raw_length))
  }

  /// Of an array its elements.
  var elements: JSONElements { JSONElements(of: self) }

  /// Of an object its members, in the order written.
  var members: JSONMembers { JSONMembers(of: self) }

  /// Of an object the member of that name; nil if it has none or this is no object.
  @inline(__always)
  func member(_ name: Word) -> JSONNode? {
    guard kind == .object else { return nil }
    var at = node + 1
    // The name of a member is one node, and its value the next.
    while at < end {
      if at.pointee.word == name.rawValue { return JSONNode(at + 1, in: self) }
      at += 1 + Int(at[1].extent)
    }
    return nil
  }

  /// The first node after this value and all that it contains.
  @inline(__always)
  fileprivate var end: UnsafePointer<s5_json_node> { node + Int(node.pointee.extent) }
}

struct JSONElements: Sequence, IteratorProtocol {
  private let array: JSONNode
  private var at: UnsafePointer<s5_json_node>

  fileprivate init(of array: JSONNode) {
    self.array = array
    at = array.node + 1
  }

  mutating func next() -> JSONNode? {
    guard at < array.end else { return nil }
    let node = JSONNode(at, in: array)
    at = node.end
    return node
  }
}

struct JSONMembers: Sequence, IteratorProtocol {
  private let object: JSONNode
  private var at: UnsafePointer<s5_json_node>

  fileprivate init(of object: JSONNode) {
    self.object = object
    at = object.node + 1
  }

  @inline(__always)
  mutating func next() -> (key: JSONNode, value: JSONNode)? {
    guard at < object.end else { return nil }
    let key = JSONNode(at, in: object)
    let value = JSONNode(at + 1, in: object)
    at = value.end
    return (key, value)
  }
}

extension JSONNode {
  /// The value apart from the parser; nil if it holds a number that no `Double` can.
  ///
  /// Recursive, but no deeper than the parser lets documents nest.
  var value: JSONValue? {
    switch kind {
    case .null: return JSONValue.null
    case .bool: return .bool(isTrue)
    case .number: return JSONNumber(string).map(JSONValue.number)
    case .string: return .string(Text(string))
    case .array: return list.map(JSONValue.array)
    case .object: return object.map(JSONValue.object)
    }
  }

  private var list: [JSONValue]? {
    var values: [JSONValue] = []
    for element in elements {
      guard let value = element.value else { return nil }
      values.append(value)
    }
    return values
  }

  var object: JSONObject? {
    var values: [JSONObject.Member] = []
    for (key, element) in members {
      guard let value = element.value else { return nil }
      values.append(JSONObject.Member(name: Text(key.string), value: value))
    }
    return JSONObject(values)
  }
}
