import System5Core

enum ReferenceAdaptationCommand {
  case stored(ReferenceWord, ReferenceAdaptation, ReferenceOutcome?)
  case outcome(ReferenceWord, ReferenceOutcome, ReferenceAdaptation?)
  case learned(ReferenceWord, ReferenceObject)
  case extraction(least: Int?)
  case transfer(from: ReferenceWord, to: ReferenceWord)

  init(_ event: ReferenceEvent) throws(ReferenceRefusal) {
    let data = event.data
    switch event.type {
    case "system5.adaptation.stored":
      self = .stored(
        try data.id("adaptation"), try ReferenceAdaptation(data, at: event.time),
        try ReferenceOutcome(member: data))
    case "system5.adaptation.outcome-recorded":
      self = .outcome(
        try data.id("adaptation"), try ReferenceOutcome(data),
        try ReferenceAdaptation(optional: data, at: event.time))
    case "system5.pattern.learned":
      self = .learned(
        try data.id("pattern"),
        [
          "system": .text(event.system), "pattern": .text(try data.id("pattern")),
          "pattern_type": "learned", "domain": .text(try data.domain()),
          "trigger_conditions": .object(try data.object("trigger_conditions")),
          "recommended_actions": .list(
            try data.words("recommended_actions").map { .text($0) }),
          "confidence": .number(try data.number("confidence", in: 0...1)),
        ])
    case "system5.patterns.extraction-requested":
      self = .extraction(least: try data.optionalCount("min_occurrences"))
    default:
      let from = try data.id("from_domain")
      let to = try data.id("to_domain")
      if from == to { throw .invalidData }
      self = .transfer(from: from, to: to)
    }
  }
}

struct ReferenceOutcome: Sendable {
  var success: Bool
  var performance: Double
  var stability: Double

  init(_ data: ReferenceData) throws(ReferenceRefusal) {
    success = try data.flag("success")
    performance = try data.number("performance_impact", default: 0)
    stability = try data.number("stability_impact", default: 0)
  }

  init?(member data: ReferenceData) throws(ReferenceRefusal) {
    guard let value = data.value["outcome"] else { return nil }
    guard value.members != nil else { throw .invalidData }
    try self.init(ReferenceData(value: value, rules: data.rules))
  }

  var effectiveness: Double {
    min(1, max(0, 0.5 * (success ? 1 : 0) + 0.3 * performance + 0.2 * stability))
  }
}

struct ReferenceAdaptation: Sendable {
  var context: ReferenceObject
  var changes: [ReferenceWord]
  var domain: ReferenceWord
  var created: ReferenceTime
  var updated: ReferenceTime
  private(set) var outcome: ReferenceOutcome?
  private(set) var successProbability = 0.5
  private(set) var applied = 0

  mutating func record(_ outcome: ReferenceOutcome, at time: ReferenceTime) {
    self.outcome = outcome
    successProbability += 0.3 * ((outcome.success ? 1 : 0) - successProbability)
    applied += 1
    updated = time
  }

  init(_ data: ReferenceData, at time: ReferenceTime) throws(ReferenceRefusal) {
    context = try data.object("anomaly_context")
    changes = try data.words("policy_changes")
    domain = try data.domain()
    created = time
    updated = time
  }

  /// What is there must be well-formed; it takes both to describe an adaptation.
  init?(optional data: ReferenceData, at time: ReferenceTime) throws(ReferenceRefusal) {
    guard data.has("anomaly_context"), data.has("policy_changes") else {
      _ = try data.optionalObject("anomaly_context")
      if data.has("policy_changes") { _ = try data.words("policy_changes") }
      _ = try data.domain()
      return nil
    }
    try self.init(data, at: time)
  }
}

/// The adaptations of one system and the patterns published from them.
struct ReferenceAdaptations: Sendable {
  let rules: Rules
  let system: ReferenceWord
  var adaptations: [ReferenceWord: ReferenceAdaptation] = [:]
  /// What was published last of each pattern that is not retired, by the model's name for it.
  var published: [ReferenceWord: ReferencePattern] = [:]
  var transferred: [ReferenceWord: ReferenceObject] = [:]
  var learned: [ReferenceWord: ReferenceObject] = [:]

  init(rules: Rules, system: ReferenceWord) {
    self.rules = rules
    self.system = system
  }

  mutating func apply(
    _ command: ReferenceAdaptationCommand, at time: ReferenceTime,
    _ results: inout [ReferenceResult]
  ) throws(ReferenceRefusal) {
    switch command {
    case .stored(let id, var adaptation, let outcome):
      try checkLimit(id)
      if let outcome { adaptation.record(outcome, at: time) }
      adaptations[id] = adaptation
      publishNewGroups(at: time, &results)
    case .outcome(let id, let outcome, let description):
      guard var adaptation = adaptations[id] ?? description else {
        throw ReferenceRefusal("unknown-adaptation")
      }
      try checkLimit(id)
      adaptation.record(outcome, at: time)
      adaptations[id] = adaptation
      publishNewGroups(at: time, &results)
    case .learned(let id, let pattern): learned[id] = pattern
    case .extraction(let least):
      extract(least: least ?? rules.minOccurrences, block: 1, at: time, &results)
    case .transfer(let from, let to): transfer(from: from, to: to, at: time, &results)
    }
  }

  private func checkLimit(_ id: ReferenceWord) throws(ReferenceRefusal) {
    if adaptations[id] == nil, adaptations.count >= rules.limits.adaptations {
      throw ReferenceRefusal("limit-exceeded")
    }
  }
}
