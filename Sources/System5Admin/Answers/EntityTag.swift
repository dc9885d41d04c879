import System5Core
import System5Wire

/// Tells an answer from any other, without its having been made: the state at a position is always
/// the same, so the position and the question say it all.
struct EntityTag {
  let text: String

  init(_ position: Position, _ call: Call) {
    // Seeded anew in every process: other rules or another version may answer otherwise.
    var hasher = Hasher()
    hasher.combine(position)
    hasher.combine(call.target)
    for (name, value) in call.query.canonical {
      hasher.combine(name)
      hasher.combine(value)
    }
    let hash = String(UInt64(bitPattern: Int64(hasher.finalize())), radix: 16)
    text = "\"\(position.offset)-\(hash)\""
  }

  /// Whether the client has this answer, by its `If-None-Match` fields.
  func matches(_ fields: [String]) -> Bool {
    fields.contains { field in
      field.split(separator: ",").contains { part in
        let tag = part.drop { $0 == " " }.prefix { $0 != " " }
        return tag == "*" || tag == text || tag == "W/\(text)"
      }
    }
  }
}
