import HashTreeCollections

@testable import System5Core

/// A store with one system, told what happens in seconds after 1970.
struct AdaptationScene {
  static let system: Text = "acme"
  static let slow: JSONObject = ["type": "slow", "load": 10]
  /// Effectiveness 0.8.
  static let good = Outcome(success: true, performanceImpact: 1)
  /// Effectiveness 0.9.
  static let better = Outcome(success: true, performanceImpact: 1, stabilityImpact: 0.5)
  /// Effectiveness 1.
  static let best = Outcome(success: true, performanceImpact: 1, stabilityImpact: 1)
  /// Effectiveness 0.
  static let bad = Outcome(success: false)

  var store: AdaptationStore

  init(_ change: (inout Rules) -> Void = { _ in }) {
    var rules = Rules()
    change(&rules)
    store = AdaptationStore(rules: rules)
  }

  /// Whether a value is what was worked out by hand, but for rounding.
  static func isNear(_ value: Double?, _ expected: Double) -> Bool {
    guard let value else { return false }
    return abs(value - expected) < 1e-12
  }

  var state: SystemAdaptations { store.systems[Self.system] ?? SystemAdaptations() }
  var derived: [DerivedPattern] { store.patterns(system: Self.system).compactMap(\.derived) }

  subscript(id: Text) -> Adaptation? { store.getAdaptation(id, system: Self.system) }

  @discardableResult
  mutating func keep(
    _ id: Text, _ context: JSONObject = slow, _ actions: [Text] = ["scale"],
    domain: Text = "web", _ outcome: Outcome? = good, at seconds: Int64 = 0
  ) throws -> [OutputEvent] {
    let description = AdaptationDescription(
      context: context, policyChanges: actions, domain: domain)
    return try store.storeAdaptation(
      id, description, outcome: outcome, system: Self.system, at: Timestamp(seconds: seconds))
  }

  @discardableResult
  mutating func judge(
    _ id: Text, _ outcome: Outcome, _ description: AdaptationDescription? = nil,
    at seconds: Int64 = 0
  ) throws -> [OutputEvent] {
    try store.recordOutcome(
      id, outcome, description: description, system: Self.system,
      at: Timestamp(seconds: seconds))
  }

  @discardableResult
  mutating func extract(_ minOccurrences: Int64? = nil, at seconds: Int64 = 0) throws
    -> [OutputEvent]
  {
    try store.extractPatterns(
      minOccurrences: minOccurrences, system: Self.system, at: Timestamp(seconds: seconds))
  }

  @discardableResult
  mutating func transfer(_ source: Text, _ target: Text, at seconds: Int64 = 0) throws
    -> [OutputEvent]
  {
    try store.transferKnowledge(
      from: source, to: target, system: Self.system, at: Timestamp(seconds: seconds))
  }

  @discardableResult
  mutating func learn(_ pattern: LearnedPattern, at seconds: Int64 = 0) throws -> [OutputEvent] {
    try store.learnPattern(pattern, system: Self.system, at: Timestamp(seconds: seconds))
  }
}

extension KnownPattern {
  var derived: DerivedPattern? {
    if case .derived(let pattern) = self { pattern } else { nil }
  }
}

extension OutputEvent {
  var derived: DerivedPattern? {
    if case .patternDerived(let pattern) = payload { pattern } else { nil }
  }
  var transferred: TransferredPattern? {
    if case .patternTransferred(let pattern) = payload { pattern } else { nil }
  }
  var retirement: (pattern: Text, reason: String)? {
    if case .patternRetired(let pattern, let reason) = payload { (pattern, reason) } else { nil }
  }
}

/// What the refusal of a call says, or nil.
func adaptationRefusal(_ call: () throws -> Void) -> Refusal.Code? {
  do {
    try call()
    return nil
  } catch {
    return (error as? Refusal)?.code
  }
}

/// SplitMix64, so that a failure can be repeated.
struct AdaptationShuffler: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
