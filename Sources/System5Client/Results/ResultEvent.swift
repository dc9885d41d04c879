public import Foundation

/// What follows from events: a record of System5's result topics.
public struct ResultEvent: Sendable, Hashable {
  /// The same for the same result however often it comes:
  /// `{input topic}-{partition}@{offset}#{n}`. Empty if it could not be read.
  public let id: String
  /// The viable system. Empty if it could not be read.
  public let system: String
  /// Event time of the cause, or the boundary for what runs periodically; nil if it could not be
  /// read.
  public let time: Date?
  /// The id of the event it followed from.
  public let cause: String?
  public let place: RecordPlace
  public let content: Content

  public init(
    id: String, system: String, time: Date?, cause: String?, place: RecordPlace, content: Content
  ) {
    self.id = id
    self.system = system
    self.time = time
    self.cause = cause
    self.place = place
    self.content = content
  }

  /// What it says.
  public enum Content: Sendable, Hashable {
    case alertFiring(Alert)
    case alertResolved(Alert)
    case patternDerived(DerivedPattern)
    case patternTransferred(TransferredPattern)
    case patternRetired(RetiredPattern)
    case gapAnalysed(GapAnalysis)
    case trendsAnalysed(TrendAnalysis)
    /// A record that this library does not understand: of a newer worker, or of someone else.
    case unreadable(reason: String)
  }
}

/// Where a record lies.
public struct RecordPlace: Sendable, Hashable, CustomStringConvertible {
  public let topic: String
  public let partition: Int
  public let offset: Int64

  public init(topic: String, partition: Int, offset: Int64) {
    self.topic = topic
    self.partition = partition
    self.offset = offset
  }

  public var description: String { "\(topic)[\(partition)]@\(offset)" }
}
