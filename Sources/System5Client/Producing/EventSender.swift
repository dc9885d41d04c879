public import Foundation

/// Where events go: an ``EventProducer``, or a double in a test.
public protocol EventSender: Sendable {
  /// Sends one event and returns once it is acknowledged.
  @discardableResult
  func send(
    _ event: some System5Event, for system: String, id: String?, time: Date?
  ) async throws -> Delivery
}

extension EventSender {
  /// The same with an id made up, and the present for the time, where they are not given.
  @discardableResult
  public func send(
    _ event: some System5Event, for system: String, id: String? = nil, at time: Date? = nil
  ) async throws -> Delivery {
    try await send(event, for: system, id: id, time: time)
  }
}

/// An acknowledged event, and where it lies.
public struct Delivery: Sendable, Hashable {
  /// The event's id: given, or made up.
  public let id: String
  public let topic: String
  public let partition: Int
  /// Nil where the broker had the record already, from an attempt whose answer was lost.
  public let offset: Int64?

  public init(id: String, topic: String, partition: Int, offset: Int64?) {
    self.id = id
    self.topic = topic
    self.partition = partition
    self.offset = offset
  }
}

/// The producer was shut down before the event was acknowledged; it may have been sent.
public struct ProducerShutDown: Error, Sendable, Hashable, CustomStringConvertible {
  public init() {}

  public var description: String { "The producer is shut down." }
}
