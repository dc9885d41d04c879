/// Free-form JSON as its sender wrote it: the `data` and `metadata` of policies and measurements,
/// the contexts of adaptations.
///
/// Numbers keep their spelling, so that no large integer or decimal is rounded. The members of an
/// object are sorted by the bytes of their names, which makes equal objects equal values and
/// ``canonicalText`` the same for all of them.
public enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(Text)
  case array([JSONValue])
  case object(JSONObject)
}

/// A JSON number by its spelling, and equal only to the same spelling.
public struct JSONNumber: Hashable, Sendable {
  /// The number as written, which follows JSON's grammar and is finite as a `Double`.
  public let text: Text

  /// Takes a spelling that a JSON parser has accepted. Returns nil for one that is no number or is
  /// not finite as a `Double`.
  public init?(_ spelling: String) {
    guard let value = Double(spelling), value.isFinite else { return nil }
    self.text = Text(spelling)
  }

  /// A spelling that is known to be a JSON number and finite as a `Double`.
  package init(checked spelling: Text) { self.text = spelling }

  public init(_ value: Int64) { self.text = Text(String(value)) }

  public init?(_ value: Double) {
    guard value.isFinite else { return nil }
    self.text = Text(ShortestNumber.text(of: value))
  }

  /// The nearest `Double`; always finite.
  public var double: Double { exactDouble ?? Double(text.string) ?? 0 }
}

/// A JSON object: members sorted by the bytes of their names, each name once.
public struct JSONObject: Hashable, Sendable {
  public struct Member: Hashable, Sendable {
    public let name: Text
    public var value: JSONValue

    public init(name: Text, value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  public private(set) var members: [Member]

  public init() { members = [] }

  /// Sorts the members. Of members that share a name the last counts.
  public init(_ members: [Member]) {
    var sorted = members
    if !sorted.isStrictlyAscending {
      var latest: [Text: JSONValue] = [:]
      for member in members { latest[member.name] = member.value }
      sorted = latest.map { Member(name: $0.key, value: $0.value) }
      sorted.sort { $0.name < $1.name }
    }
    self.members = sorted
  }

  /// Members that are in order already, each name once; nil if they are not.
  package init?(sorted members: [Member]) {
    guard members.isStrictlyAscending else { return nil }
    self.members = members
  }

  public var isEmpty: Bool { members.isEmpty }

  public subscript(name: Text) -> JSONValue? {
    let index = lowerBound(of: name)
    guard index < members.endIndex, members[index].name == name else { return nil }
    return members[index].value
  }

  /// Sets a member, or removes it where `value` is nil.
  public mutating func set(_ name: Text, to value: JSONValue?) {
    let index = lowerBound(of: name)
    let exists = index < members.endIndex && members[index].name == name
    switch (value, exists) {
    case (.some(let value), true): members[index].value = value
    case (.some(let value), false): members.insert(Member(name: name, value: value), at: index)
    case (nil, true): members.remove(at: index)
    case (nil, false): break
    }
  }

  private func lowerBound(of name: Text) -> Int {
    var low = 0
    var high = members.count
    while low < high {
      let middle = (low + high) / 2
      if members[middle].name < name { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension [JSONObject.Member] {
  fileprivate var isStrictlyAscending: Bool {
    guard count > 1 else { return true }
    return (1..<count).allSatisfy { self[$0 - 1].name.precedes(self[$0].name) }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByNilLiteral
{
  public init(stringLiteral value: String) { self = .string(Text(value)) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int64) { self = .number(JSONNumber(value)) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(nilLiteral: ()) { self = .null }
}

extension JSONValue: ExpressibleByFloatLiteral, ExpressibleByDictionaryLiteral {
  public init(floatLiteral value: Double) {
    self = JSONNumber(value).map(JSONValue.number) ?? .null
  }
  public init(dictionaryLiteral elements: (Text, JSONValue)...) {
    self = .object(JSONObject(elements.map { JSONObject.Member(name: $0.0, value: $0.1) }))
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (Text, JSONValue)...) {
    self.init(elements.map { Member(name: $0.0, value: $0.1) })
  }
}
