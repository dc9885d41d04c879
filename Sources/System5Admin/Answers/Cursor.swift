import System5Core
import System5Wire

/// Where a list goes on: the key of its last element so far, opaque to clients.
enum Cursor {
  /// Ids hold no control characters, so this one keeps the parts apart.
  private static let separator: Character = "\u{1F}"

  /// - Parameter list: a word for the list and its order, so that a cursor of another is refused.
  static func encode(_ list: String, _ key: [String]) -> String {
    let text = ([list] + key).joined(separator: String(separator))
    return Base64.encode(Array(text.utf8))
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  /// The key in the query's `cursor`, of so many parts; nil if there is none, or an empty one.
  static func key(
    of list: String, parts count: Int, in query: Query
  ) throws(Problem) -> [Text]? {
    guard let cursor = query["cursor"], !cursor.isEmpty else { return nil }
    guard let parts = decode(cursor.string), parts.first == list, parts.count == count + 1 else {
      throw isForeign
    }
    return parts.dropFirst().map { Text($0) }
  }

  static let isForeign = Problem(
    .badParameter, "The cursor is not one that this list has given.")

  private static func decode(_ cursor: String) -> [String]? {
    let padding = String(repeating: "=", count: (4 - cursor.utf8.count % 4) % 4)
    let text = cursor.replacing("-", with: "+").replacing("_", with: "/") + padding
    guard let bytes = Base64.decode(text.utf8), let key = String(validating: bytes, as: UTF8.self)
    else { return nil }
    return key.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }
}
