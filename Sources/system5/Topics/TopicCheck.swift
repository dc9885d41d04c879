import System5Core

/// Where the topics that there are do not do for the worker. A pure function of both, beside
/// `TopicPlan`: what is more than enough is no finding here.
struct TopicCheck: Equatable {
  struct Finding: Equatable {
    let topic: String
    /// What is wrong, and what is needed.
    let problem: String
  }

  let findings: [Finding]

  /// - Parameters:
  ///   - partitions: how many each topic should have; nil: as many as it has, if those that go
  ///     together agree.
  ///   - rules: say how long measurements are needed.
  init(
    _ definitions: TopicDefinitions, prefix: String, partitions: Int?,
    present: [String: TopicPlan.Present], rules: Rules
  ) {
    let plan = TopicPlan(definitions, prefix: prefix, partitions: partitions, present: present)
    var findings: [Finding] = []
    for (step, topic) in zip(plan.steps, definitions.topics) {
      guard let found = present[step.topic] else {
        findings.append(Finding(topic: step.topic, problem: "is missing"))
        continue
      }
      if step.isBroken || (partitions != nil && step.wantedPartitions != found.partitions) {
        findings.append(
          Finding(
            topic: step.topic,
            problem: "has \(found.partitions) partitions, not \(step.wantedPartitions)"))
      }
      findings += Self.needs(of: topic, rules).compactMap { name, needed in
        Self.problem(name, has: found.config[name], needs: needed)
          .map { Finding(topic: step.topic, problem: $0) }
      }
    }
    self.findings = findings
  }

  /// The definition, but that measurements need not be kept longer than their store keeps them.
  private static func needs(
    of topic: TopicDefinitions.Topic, _ rules: Rules
  ) -> [(String, String)] {
    var needs = topic.config
    if topic.name == InputTopic.variety.suffix, needs["retention.ms"] != nil {
      needs["retention.ms"] = "\(rules.varietyRetention.microseconds / 1_000)"
    }
    return needs.sorted { $0.key < $1.key }
  }

  /// Nil where what there is does, or where the brokers do not tell.
  private static func problem(_ name: String, has: String?, needs: String) -> String? {
    guard let has, has != needs else { return nil }
    guard let has = Int64(has), let least = Int64(needs) else {
      return TopicPlan.isSame(has, needs) ? nil : "\(name) is \(has), not \(needs)"
    }
    // For ever.
    if has < 0 { return nil }
    if least < 0 { return "\(name) is \(has), and records must be kept for ever (-1)" }
    return has >= least ? nil : "\(name) is \(has), less than the \(least) that are needed"
  }
}
