/// One of the three input topics; each has a store of its own.
public enum InputTopic: String, Sendable, CaseIterable {
  case policy, adaptation, variety

  /// The topic's name without the deployment's prefix.
  public var suffix: String { "\(rawValue).events" }
}

/// A decoded, well-formed input event, but for what tells it from others: its `source` and `id`.
public struct Event<Payload: Sendable>: Sendable {
  /// The viable system: the record's key.
  public var system: Text
  /// Event time: the CloudEvents `time`, else the record's timestamp.
  public var time: Timestamp
  /// The record's own timestamp; nil where the broker keeps none.
  public var recordTime: Timestamp?
  public var payload: Payload

  public init(
    system: Text, time: Timestamp, recordTime: Timestamp?, payload: Payload
  ) {
    self.system = system
    self.time = time
    self.recordTime = recordTime
    self.payload = payload
  }
}

/// What a policy event asks for. Contract, section 3.
public enum PolicyEvent: Hashable, Sendable {
  case stored(policy: Text, data: JSONObject, metadata: JSONObject)
  case updated(
    policy: Text, data: JSONObject, metadata: JSONObject, expectedVersion: Int64?)
  case rolledBack(policy: Text, toVersion: Int64, expectedVersion: Int64?)
  case deleted(policy: Text, expectedVersion: Int64?)
  case restored(policy: Text)
  case effectivenessRecorded(policy: Text, usage: Int64, successes: Int64, failures: Int64)
}

/// What an adaptation event asks for. Contract, section 3.
public enum AdaptationEvent: Hashable, Sendable {
  case stored(adaptation: Text, description: AdaptationDescription, outcome: Outcome?)
  /// `description` is there when the event carries what is needed to store an unknown adaptation.
  case outcomeRecorded(adaptation: Text, outcome: Outcome, description: AdaptationDescription?)
  case patternLearned(LearnedPattern)
  case extractionRequested(minOccurrences: Int64?)
  case transferRequested(fromDomain: Text, toDomain: Text)
}

/// What happened and what was done about it.
public struct AdaptationDescription: Hashable, Sendable {
  public var context: JSONObject
  public var policyChanges: [Text]
  public var domain: Text

  public init(context: JSONObject, policyChanges: [Text], domain: Text = "general") {
    self.context = context
    self.policyChanges = policyChanges
    self.domain = domain
  }
}

/// How an adaptation turned out.
public struct Outcome: Hashable, Sendable {
  public var success: Bool
  public var performanceImpact: Double
  public var stabilityImpact: Double

  public init(success: Bool, performanceImpact: Double = 0, stabilityImpact: Double = 0) {
    self.success = success
    self.performanceImpact = performanceImpact
    self.stabilityImpact = stabilityImpact
  }

  /// 0.5 · success + 0.3 · performance impact + 0.2 · stability impact, held to [0, 1].
  public var effectiveness: Double {
    let sum =
      0.5 * (success ? 1 : 0) + 0.3 * performanceImpact + 0.2 * stabilityImpact
    return min(1, max(0, sum))
  }
}

/// A pattern that was learnt elsewhere and told to this system.
public struct LearnedPattern: Hashable, Sendable {
  public var pattern: Text
  public var triggerConditions: JSONObject
  public var recommendedActions: [Text]
  /// 0 … 1.
  public var confidence: Double
  public var domain: Text

  public init(
    pattern: Text, triggerConditions: JSONObject, recommendedActions: [Text],
    confidence: Double, domain: Text = "general"
  ) {
    self.pattern = pattern
    self.triggerConditions = triggerConditions
    self.recommendedActions = recommendedActions
    self.confidence = confidence
    self.domain = domain
  }
}

/// What a variety event asks for. Contract, section 3.
public enum VarietyEvent: Hashable, Sendable {
  /// `capacity` nil: the same as the variety. `role` nil: the one the source was last given.
  case measured(
    source: Text, variety: Double, capacity: Double?, role: Role?, metadata: JSONObject)
  case amplified(amplifier: Text, input: Double, output: Double)
  case attenuated(attenuator: Text, input: Double, output: Double)
  case thresholdSet(source: Text, Threshold)
  /// `direction` nil: both.
  case thresholdCleared(source: Text, direction: Direction?)
}

/// Which side of Ashby's law a source stands on.
public enum Role: String, Sendable, CaseIterable {
  case environment, system
}

public enum Direction: String, Sendable, CaseIterable {
  case above, below
}

/// When a source's variety is worth an alert.
public struct Threshold: Hashable, Sendable {
  public var threshold: Double
  public var direction: Direction
  /// Where a firing alert resolves; nil: at the threshold. Not on the violating side of it.
  public var recovery: Double?
  /// How long the variety must violate the threshold before the alert fires; 0 or more.
  public var forSeconds: Double

  public init(
    threshold: Double, direction: Direction = .above, recovery: Double? = nil,
    forSeconds: Double = 0
  ) {
    self.threshold = threshold
    self.direction = direction
    self.recovery = recovery
    self.forSeconds = forSeconds
  }
}
