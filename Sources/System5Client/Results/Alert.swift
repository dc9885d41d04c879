public import Foundation

/// One episode of something being wrong: told when it begins, and again when it ends.
public struct Alert: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A source's variety is beyond a threshold.
    case varietyThreshold = "variety-threshold"
    /// The environment has more variety than the system; ``Alert/value`` is the gap.
    case requisiteVariety = "requisite-variety"
    /// A source rises, and will soon be too high.
    case criticalTrend = "critical-trend"
  }

  /// The fingerprint of system, kind, source and direction: the same in every episode.
  public let id: String
  public let kind: Kind
  public let source: String?
  public let direction: ThresholdDirection?
  public let value: Double
  public let threshold: Double?
  public let startsAt: Date
  /// Nil while it fires.
  public let endsAt: Date?
  /// Counted from 1 for each alert.
  public let episode: Int
  /// One English sentence.
  public let summary: String

  /// Makes one by hand, as a double in a test does.
  public init(
    id: String, kind: Kind, source: String? = nil, direction: ThresholdDirection? = nil,
    value: Double, threshold: Double? = nil, startsAt: Date, endsAt: Date? = nil, episode: Int,
    summary: String
  ) {
    self.id = id
    self.kind = kind
    self.source = source
    self.direction = direction
    self.value = value
    self.threshold = threshold
    self.startsAt = startsAt
    self.endsAt = endsAt
    self.episode = episode
    self.summary = summary
  }
}

extension Alert {
  init(_ data: ResultFields) throws(UnreadableResult) {
    id = try data.text("alert")
    kind = try data.choice("kind")
    source = try data.optional("source") { (field) throws(UnreadableResult) in try field.text() }
    direction = try data.optional("direction") { (field) throws(UnreadableResult) in
      try field.choice()
    }
    value = try data.number("value")
    threshold = try data.optional("threshold") { (field) throws(UnreadableResult) in
      try field.number()
    }
    startsAt = try data.time("starts_at")
    endsAt = try data.optional("ends_at") { (field) throws(UnreadableResult) in try field.time() }
    episode = try data.integer("episode")
    summary = try data.text("summary")
  }
}
