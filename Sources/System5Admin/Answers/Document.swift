import System5Core
import System5Wire

/// What a question about a shard's state comes to.
enum Document {
  /// One object, as `derive --state` has it.
  case object(OrderedJSON)
  case page(Page)

  /// - Parameter position: what it holds for.
  func bytes(at position: Position) -> [UInt8] {
    switch self {
    case .object(let object): object.bytes
    case .page(let page): page.bytes(after: [.init("position", position.json)])
    }
  }
}

/// Part of a list, or of two that come one after the other.
struct Page {
  /// The lists by their names; all are there, also those without elements.
  private let lists: [(name: String, elements: ElementList)]
  private let members: [OrderedJSON.Member]
  /// The cursor with which it goes on; nil at its end.
  private let next: String?

  /// - Parameter members: what is said before the lists.
  init(
    _ lists: (name: String, elements: ElementList)..., next: String? = nil,
    members: [OrderedJSON.Member] = []
  ) {
    self.lists = lists
    self.members = members
    self.next = next
  }

  /// - Parameter first: the members that say what the lists hold for.
  func bytes(after first: [OrderedJSON.Member]) -> [UInt8] {
    var bytes: [UInt8] = [UInt8(ascii: "{")]
    for member in first + members {
      Page.append(name: member.name, to: &bytes)
      member.value.append(to: &bytes)
      bytes.append(UInt8(ascii: ","))
    }
    for (name, elements) in lists {
      Page.append(name: name, to: &bytes)
      bytes.append(UInt8(ascii: "["))
      bytes += elements.bytes
      bytes += "],".utf8
    }
    Page.append(name: "next_cursor", to: &bytes)
    (next.map(OrderedJSON.string) ?? .null).append(to: &bytes)
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

  private static func append(name: String, to bytes: inout [UInt8]) {
    OrderedJSON.string(name).append(to: &bytes)
    bytes.append(UInt8(ascii: ":"))
  }
}

extension Position {
  var json: OrderedJSON {
    .object([
      .init("topic", .string(topicName)), .init("partition", .integer(Int64(partition))),
      .init("offset", .integer(offset)),
    ])
  }

  var text: String { "\(topicName)-\(partition)@\(offset)" }
}

extension OrderedJSON {
  /// The members of an object; none of anything else.
  var members: [Member] { if case .object(let members) = self { members } else { [] } }

  /// An object with members behind its own.
  func adding(_ more: Member...) -> OrderedJSON { .object(members + more) }
}
