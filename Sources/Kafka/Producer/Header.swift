/// A header of a record; its value may be `nil`, which is not the same as empty.
public struct Header: Sendable, Hashable {
  public let name: String
  public let value: [UInt8]?

  public init(_ name: String, _ value: [UInt8]?) {
    self.name = name
    self.value = value
  }

  /// A header whose value is text.
  public init(_ name: String, text: String) {
    self.init(name, Array(text.utf8))
  }
}
