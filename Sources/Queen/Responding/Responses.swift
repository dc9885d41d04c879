import System5Client

/// A policy made out of an anomaly.
struct Response: Sendable, Equatable {
  /// The same for the same state of the same metric, so that it is stored as a further version.
  let policy: String
  let actions: [String]
  let data: [String: JSON]
}

/// What the Queen knows to do: its variety.
struct Responses: Sendable {
  private let metric: Metric
  /// Policies by the state they answer. Nothing is to be done about a steady metric, which is an
  /// answer too.
  private(set) var policies: [MetricState: Response] = [:]
  /// Patterns that were offered from another domain.
  private var transferred: Set<String> = []

  init(metric: Metric) { self.metric = metric }

  /// How many there are.
  var variety: Int { 1 + policies.count + transferred.count }

  func answers(_ state: MetricState) -> Bool { state == .steady || policies[state] != nil }

  /// Makes a policy for a state that has none.
  mutating func synthesise(for observation: Observation) -> Response {
    let state = observation.state
    let actions = Self.actions(for: state)
    let response = Response(
      policy: "\(metric.rawValue)-\(state.rawValue)", actions: actions,
      data: [
        "metric": .string(metric.rawValue), "state": .string(state.rawValue),
        "actions": .array(actions.map(JSON.string)), "learnt_at_value": .number(observation.value),
      ])
    policies[state] = response
    return response
  }

  mutating func add(transferred pattern: String) { transferred.insert(pattern) }

  /// All the Queen has power over is the load that it makes itself.
  private static func actions(for state: MetricState) -> [String] {
    switch state {
    case .low, .steady: ["watch"]
    case .raised, .high: ["shed-own-load"]
    case .extreme: ["shed-own-load", "call-a-person"]
    }
  }
}
