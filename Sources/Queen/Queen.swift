import Foundation
import System5Client

/// A small System 5: watches one metric, answers what is unusual about it with a policy, and tells
/// System5 what it did, how that went and how many answers it has.
///
/// What it knows it keeps in memory. A new one begins with no answers but the steady state's.
actor Queen {
  struct Settings: Sendable {
    var system: String
    var metric: Metric
    var sampleInterval: Duration
    /// How soon the metric must be back for an adaptation to count as a success.
    var recoveryLimit: Duration
    /// Where to look for answers when it has too few of its own.
    var learnFrom: String
  }

  private let settings: Settings
  private let sender: any EventSender
  private let exercise: Exercise?
  private var reader: MetricReader
  private var detector: AnomalyDetector
  private var responses: Responses
  private var states: Set<MetricState> = [.steady]
  private var episode: Episode?
  private var episodes = 0
  /// Tells the adaptations of this run from those of others.
  private let run = Int(Date().timeIntervalSince1970 * 1000)

  init(_ settings: Settings, sender: any EventSender, exercise: Exercise?) {
    self.settings = settings
    self.sender = sender
    self.exercise = exercise
    reader = MetricReader(settings.metric)
    detector = AnomalyDetector(leastDeviation: settings.metric.leastDeviation)
    responses = Responses(metric: settings.metric)
  }

  /// As many answers as it has.
  var systemVariety: Variety {
    Variety(
      Double(responses.variety), capacity: Double(MetricState.allCases.count), role: .system,
      metadata: ["policies": .integer(Int64(responses.policies.count))])
  }

  /// As many states as the metric has shown.
  var environmentVariety: Variety {
    Variety(
      Double(states.count), capacity: Double(MetricState.allCases.count), role: .environment,
      metadata: ["states": .array(states.map(\.rawValue).sorted().map(JSON.string))])
  }
}

/// Watching.
extension Queen {
  /// Reads the metric until the task is cancelled.
  func watch() async throws {
    while !Task.isCancelled {
      if let value = try reader.read() { try await judge(detector.observe(value)) }
      try await Task.sleep(for: settings.sampleInterval)
    }
  }

  func judge(_ observation: Observation) async throws {
    if states.insert(observation.state).inserted {
      // At once: the environment has more variety before the answer to it is there.
      let now = environmentVariety
      try await tell(
        VarietyMeasured(
          settings.environmentSource, variety: now.variety, capacity: now.capacity, role: now.role,
          metadata: now.metadata))
    }
    if let episode {
      try await end(episode, observation)
    } else if observation.state != .steady {
      try await respond(to: observation)
    }
  }

  private func respond(to observation: Observation) async throws {
    let response: Response
    if let known = responses.policies[observation.state] {
      response = known
    } else {
      response = responses.synthesise(for: observation)
      try await tell(
        PolicyStored(response.policy, data: response.data, metadata: ["source": "synthesis"]))
    }
    episodes += 1
    let adaptation = "\(settings.metric.rawValue)-\(run)-\(episodes)"
    episode = Episode(
      adaptation: adaptation, policy: response.policy, began: .now, limit: settings.recoveryLimit)
    Narration.say(
      "\(settings.metric.rawValue) is \(observation.state.rawValue) at \(observation.value), "
        + "usually \(observation.baseline): \(response.policy)")
    if response.actions.contains("shed-own-load") { exercise?.shed() }
    try await tell(
      AdaptationStored(adaptation, Episode.context(settings.metric, observation, response)))
  }

  private func end(_ open: Episode, _ observation: Observation) async throws {
    guard let outcome = open.outcome(observation, at: .now) else { return }
    episode = nil
    Narration.say("\(open.adaptation): \(outcome.success ? "back to usual" : "did not help")")
    try await tell(OutcomeRecorded(open.adaptation, outcome))
    try await tell(
      PolicyEffectivenessRecorded(
        open.policy, usageCount: 1, successCount: outcome.success ? 1 : 0,
        failureCount: outcome.success ? 0 : 1))
  }

  /// What a broker that is away does not get is lost to System5, and the Queen goes on.
  private func tell(_ event: some System5Event) async throws {
    do {
      try await sender.send(event, for: settings.system)
    } catch let failure as KafkaFailure where failure.kind == .unavailable {
      Narration.say("not told: \(failure)")
    }
  }
}

/// Listening.
extension Queen {
  /// Handles results until the sequence ends.
  func listen<R: AsyncSequence<ResultEvent, any Error>>(to results: R) async throws {
    for try await result in results where result.system == settings.system {
      try await handle(result.content)
    }
  }

  func handle(_ content: ResultEvent.Content) async throws {
    switch content {
    case .alertFiring(let alert) where alert.kind == .requisiteVariety:
      Narration.say("\(alert.summary) Asking for what \(settings.learnFrom) has learnt.")
      try await tell(
        TransferRequested(from: settings.learnFrom, to: settings.metric.rawValue))
    case .alertResolved(let alert): Narration.say("Over: \(alert.summary)")
    case .patternDerived(let pattern) where pattern.domain == settings.metric.rawValue:
      Narration.say(
        "\(pattern.occurrences) adaptations make a pattern: "
          + pattern.recommendedActions.map(\.action).joined(separator: ", "))
    case .patternTransferred(let pattern) where pattern.targetDomain == settings.metric.rawValue:
      responses.add(transferred: pattern.id)
      Narration.say("\(pattern.sourceDomain) offers a pattern.")
    default: break
    }
  }
}

extension Queen.Settings {
  var environmentSource: String { "queen.\(metric.rawValue).states" }
  var systemSource: String { "queen.\(metric.rawValue).responses" }
}
