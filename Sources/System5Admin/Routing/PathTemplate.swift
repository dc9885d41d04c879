import System5Core

/// A route's path: literal segments, and `{named}` ones that stand for one segment each.
struct PathTemplate: Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  private enum Segment: Sendable {
    case literal(Text)
    case value(String)
  }

  let description: String
  private let segments: [Segment]

  init(stringLiteral value: String) {
    description = value
    segments = PathTemplate.parts(of: value).map { part in
      part.hasPrefix("{")
        ? .value(String(part.dropFirst().dropLast())) : .literal(Text(String(part)))
    }
  }

  /// The values of the named segments; nil for another path.
  func match(_ path: [Text]) -> PathValues? {
    guard path.count == segments.count else { return nil }
    var values = PathValues()
    for (segment, part) in zip(segments, path) {
      switch segment {
      case .literal(let literal): if literal != part { return nil }
      case .value(let name): if part.isEmpty { return nil } else { values[name] = part }
      }
    }
    return values
  }

  /// The segments of a path as received, decoded; a slash that was encoded is part of its segment.
  /// nil for what is no well-formed path.
  static func segments(of path: String) -> [Text]? {
    guard path.hasPrefix("/") else { return nil }
    var decoded: [Text] = []
    for part in parts(of: path) {
      guard let text = PercentCoding.decode(part) else { return nil }
      decoded.append(text)
    }
    return decoded
  }

  private static func parts(of path: String) -> [Substring] {
    path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
  }
}

/// What the named segments of a path stand for.
struct PathValues: Sendable {
  private var values: [(name: String, value: Text)] = []

  /// Empty for a name that the template does not have.
  subscript(name: String) -> Text {
    get { values.first { $0.name == name }?.value ?? "" }
    set { values.append((name, newValue)) }
  }
}
