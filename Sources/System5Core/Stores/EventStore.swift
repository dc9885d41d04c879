/// A store: the state of every viable system in one shard, each apart from the others.
public protocol EventStore: Sendable {
  associatedtype System: SystemState

  static var input: InputTopic { get }
  var rules: Rules { get }
  var systems: PersistentTable<Text, System> { get set }

  init(rules: Rules)
}

/// What one store knows of one viable system.
public protocol SystemState: Sendable {
  associatedtype Payload: Sendable

  init()

  /// The greatest event time among the system's well-formed events; nil before the first.
  var streamTime: Timestamp? { get set }

  /// How far back the store reaches; nil: without end.
  static func retention(_ rules: Rules) -> Timestamp.Span?

  /// Runs what is periodic, as stream time moves from one time to a later one and before the event
  /// that moved it is applied: once for the latest boundary crossed.
  mutating func cross(
    from earlier: Timestamp, to later: Timestamp, in context: Context,
    deriving outputs: inout [OutputEvent])

  /// Applies one event. A refused event changes nothing.
  mutating func apply(
    _ payload: Payload, at time: Timestamp, in context: Context,
    deriving outputs: inout [OutputEvent]) throws(Refusal)
}

/// What an event is applied with: whose it is and by which rules.
public struct Context: Sendable {
  public let system: Text
  public let rules: Rules

  public init(system: Text, rules: Rules) {
    self.system = system
    self.rules = rules
  }
}
