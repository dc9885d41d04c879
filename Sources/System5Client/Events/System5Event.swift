internal import System5Core
internal import System5Wire

/// What can be told to System5: one of the structs of this library, such as ``PolicyStored``.
///
/// An event says what happened in one viable system. Which topic it goes to follows from its type.
public protocol System5Event: Sendable {
  /// The event's type and data, as they are written.
  ///
  /// - Throws: ``InvalidEvent`` for a number that JSON cannot say.
  var content: EventContent { get throws(InvalidEvent) }
}

/// The type and the data of an event. Only the events of this library make one.
public struct EventContent: Sendable {
  let type: EventType
  let data: [OrderedJSON.Member]

  init(_ type: EventType, _ members: [OrderedJSON.Member?]) {
    self.type = type
    self.data = members.compactMap(\.self)
  }
}

/// An event that the worker would refuse, whatever its state: it was not sent.
public struct InvalidEvent: Error, Sendable, Hashable, CustomStringConvertible {
  /// What a dead letter of it would be called, such as `bad-key`, `invalid-data`, `too-large` or
  /// `limit-exceeded`.
  public let code: String
  /// One sentence: which argument is wrong, and what was expected.
  public let message: String

  public init(code: String, message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}

extension InvalidEvent {
  init(_ rejection: Rejection) {
    self.init(code: rejection.code.rawValue, message: rejection.message)
  }

  static func notFinite(_ name: String) -> InvalidEvent {
    InvalidEvent(
      code: RejectionCode.invalidData.rawValue, message: "`data.\(name)` is not a finite number.")
  }
}

/// Members of an event's data. Everything else about them is checked by ``EventCheck``.
extension OrderedJSON.Member {
  static func number(_ name: String, _ value: Double) throws(InvalidEvent) -> Self {
    guard value.isFinite else { throw .notFinite(name) }
    return Self(name, .number(value))
  }

  /// No member where there is nothing to say.
  static func optional(_ name: String, _ value: Double?) throws(InvalidEvent) -> Self? {
    guard let value else { return nil }
    return try number(name, value)
  }

  static func object(_ name: String, _ value: [String: JSON]) throws(InvalidEvent) -> Self {
    guard value.values.allSatisfy(\.isFinite) else { throw .notFinite(name) }
    return Self(name, JSON.ordered(value))
  }

  static func optional(_ name: String, _ value: [String: JSON]) throws(InvalidEvent) -> Self? {
    if value.isEmpty { return nil }
    return try object(name, value)
  }

  static func string(_ name: String, _ value: String) -> Self { Self(name, .string(value)) }
  static func string(_ name: String, _ value: String?) -> Self? {
    value.map { Self(name, .string($0)) }
  }

  static func integer(_ name: String, _ value: Int?) -> Self? {
    value.map { Self(name, .integer(Int64($0))) }
  }

  static func strings(_ name: String, _ values: [String]) -> Self {
    Self(name, .list(values.map { .string($0) }))
  }
}
