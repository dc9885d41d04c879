internal import CRdkafka

/// Properties of a client, as librdkafka's CONFIGURATION.md names them, in the order they are set.
///
/// A value may be a secret: this type never prints one, and no error names one.
public struct ClientConfiguration: Sendable, ExpressibleByDictionaryLiteral {
  private(set) var properties: [(name: String, value: String)] = []

  public init() {}

  public init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { self[name] = value }
  }

  /// The value of a property; setting keeps its place in the order, and `nil` removes it.
  public subscript(name: String) -> String? {
    get { properties.first { $0.name == name }?.value }
    set {
      let index = properties.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): properties[index].value = value
      case (let index?, nil): properties.remove(at: index)
      case (nil, let value?): properties.append((name, value))
      case (nil, nil): break
      }
    }
  }

  /// The names that are set, in their order.
  public var names: [String] { properties.map(\.name) }

  /// Sets all of `other`, which wins where both have a value.
  public mutating func merge(_ other: ClientConfiguration) {
    for (name, value) in other.properties { self[name] = value }
  }
}

extension ClientConfiguration: CustomStringConvertible, CustomDebugStringConvertible {
  /// The names only.
  public var description: String { "ClientConfiguration(\(names.joined(separator: ", ")))" }
  public var debugDescription: String { description }
}

extension ClientConfiguration: CustomReflectable {
  /// The names only, so that `dump` shows no secret either.
  public var customMirror: Mirror { Mirror(self, children: ["names": names]) }
}
