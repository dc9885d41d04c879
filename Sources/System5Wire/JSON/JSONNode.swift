import CSimdjson
import System5Core

/// A parsed document in the parser's memory.
struct JSONTape {
  let nodes: UnsafeBufferPointer<s5_json_node>
  let text: UnsafePointer<UInt8>
  let document: UnsafeRawBufferPointer
}

/// One value of a parsed document; holds until its parser parses again.
struct JSONNode {
  enum Kind { case null, bool, number, string, array, object }

  let tape: JSONTape
  let index: Int

  private var node: s5_json_node { tape.nodes[index] }

  @inline(__always)
  var kind: Kind {
    switch s5_json_kind(rawValue: node.kind) {
    case S5_JSON_FALSE, S5_JSON_TRUE: .bool
    case S5_JSON_NUMBER: .number
    case S5_JSON_STRING: .string
    case S5_JSON_ARRAY: .array
    case S5_JSON_OBJECT: .object
    default: .null
    }
  }

  var isTrue: Bool { s5_json_kind(rawValue: node.kind) == S5_JSON_TRUE }

  /// Of a number the nearest double, infinite if it is beyond all of them.
  var number: Double { node.number }

  /// Whether every number in the value is within a double's range, so that any reader keeps it.
  var isFinite: Bool {
    (index..<Int(node.next)).allSatisfy { tape.nodes[$0].number.isFinite }
  }

  /// Of a string its bytes without quotes and escapes, of a number its spelling.
  var text: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: tape.text + Int(node.start), count: Int(node.length))
  }

  /// Valid UTF-8, as the parser has checked.
  var string: String { String(decoding: text, as: UTF8.self) }

  /// The value as it was written.
  var raw: UnsafeRawBufferPointer {
    let start = Int(node.rawStart)
    return UnsafeRawBufferPointer(rebasing: tape.document[start..<start + Int(node.rawLength)])
  }

  /// Of an array its elements.
  var elements: JSONElements { JSONElements(tape: tape, at: index + 1, end: Int(node.next)) }

  /// Of an object its members, in the order written.
  var members: JSONMembers { JSONMembers(tape: tape, at: index + 1, end: Int(node.next)) }

  /// Of an object the member of that name; nil if it has none or this is no object.
  func member(_ name: StaticString) -> JSONNode? {
    guard kind == .object else { return nil }
    var at = index + 1
    let end = next
    // The name of a member is one node, and its value the next.
    while at < end {
      if JSONNode(tape: tape, index: at).isEqual(to: name) {
        return JSONNode(tape: tape, index: at + 1)
      }
      at = Int(tape.nodes[at + 1].next)
    }
    return nil
  }

  /// Whether a string is this one, byte for byte.
  func isEqual(to other: StaticString) -> Bool {
    text.isEqual(to: other)
  }

  fileprivate var next: Int { Int(node.next) }
}

extension s5_json_node {
  fileprivate var rawStart: UInt32 { raw_start }
  fileprivate var rawLength: UInt32 { raw_length }
}

extension Collection<UInt8> {
  /// Whether these are the bytes of a name; collections that do not lie in one piece never are.
  func isEqual(to name: StaticString) -> Bool {
    guard count == name.utf8CodeUnitCount else { return false }
    let expected = name.utf8Start
    return withContiguousStorageIfAvailable { bytes in
      // By hand: to compare two collections by their elements takes four times as long.
      for index in 0..<bytes.count where bytes[index] != expected[index] { return false }
      return true
    } ?? false
  }
}

struct JSONElements: Sequence, IteratorProtocol {
  let tape: JSONTape
  var at: Int
  let end: Int

  mutating func next() -> JSONNode? {
    guard at < end else { return nil }
    let node = JSONNode(tape: tape, index: at)
    at = node.next
    return node
  }
}

struct JSONMembers: Sequence, IteratorProtocol {
  let tape: JSONTape
  var at: Int
  let end: Int

  mutating func next() -> (key: JSONNode, value: JSONNode)? {
    guard at < end else { return nil }
    let key = JSONNode(tape: tape, index: at)
    let value = JSONNode(tape: tape, index: key.next)
    at = value.next
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
