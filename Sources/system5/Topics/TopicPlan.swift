import System5Core

/// What stands between the topics that there are and the topics that there should be. A pure
/// function of both.
struct TopicPlan: Equatable {
  /// A topic as the brokers have it.
  struct Present: Equatable {
    var partitions: Int
    var config: [String: String]
  }

  struct Step: Equatable {
    enum Action: String { case create, keep, differs }

    let topic: String
    let action: Action
    let partitions: Int
    let config: [String: String]
    /// What an existing topic has otherwise; one sentence each.
    var differences: [String] = []
    /// Whether System5 would not work with what there is.
    var isBroken = false
    /// How many partitions the definitions, or those who go with it, ask for.
    var wantedPartitions = 0
  }

  let steps: [Step]

  init(
    _ definitions: TopicDefinitions, prefix: String, partitions: Int?,
    present: [String: Present]
  ) {
    /// How many partitions a topic has, or will have.
    func count(_ topic: TopicDefinitions.Topic) -> Int {
      present[prefix + topic.name]?.partitions ?? partitions ?? topic.partitions
    }
    steps = definitions.topics.map { topic in
      let leader = definitions.topics.first { $0.name == topic.partitionsOf }
      let wanted = leader.map(count) ?? partitions ?? topic.partitions
      let name = prefix + topic.name
      guard let found = present[name] else {
        return Step(
          topic: name, action: .create, partitions: wanted, config: topic.config,
          wantedPartitions: wanted)
      }
      return Self.compare(found, with: topic, as: name, wanted: wanted)
    }
  }

  private static func compare(
    _ found: Present, with topic: TopicDefinitions.Topic, as name: String, wanted: Int
  ) -> Step {
    var step = Step(
      topic: name, action: .keep, partitions: found.partitions, config: found.config,
      wantedPartitions: wanted)
    if found.partitions != wanted {
      step.differences.append("has \(found.partitions) partitions, not \(wanted)")
      step.isBroken = topic.partitionsOf != nil
    }
    for (key, value) in topic.config.sorted(by: { $0.key < $1.key }) {
      guard let has = found.config[key], !isSame(has, value) else { continue }
      step.differences.append("has \(key)=\(has), not \(value)")
    }
    guard !step.differences.isEmpty else { return step }
    var differing = Step(
      topic: name, action: .differs, partitions: found.partitions, config: found.config,
      wantedPartitions: wanted)
    differing.differences = step.differences
    differing.isBroken = step.isBroken
    return differing
  }

  /// Lists such as `compact,delete` have no order.
  static func isSame(_ left: String, _ right: String) -> Bool {
    Set(left.split(separator: ",")) == Set(right.split(separator: ","))
  }
}

extension TopicPlan.Step {
  var json: JSONValue {
    [
      "topic": .string(Text(topic)), "action": .string(Text(action.rawValue)),
      "partitions": .number(JSONNumber(Int64(partitions))),
      "config": .object(
        JSONObject(
          config.map { JSONObject.Member(name: Text($0.key), value: .string(Text($0.value))) })),
      "differences": .array(differences.map { .string(Text($0)) }),
    ]
  }

  var line: String {
    switch action {
    case .create: "create   \(topic)  \(partitions) partitions  \(configText)"
    case .keep: "keep     \(topic)  \(partitions) partitions"
    case .differs: "differs  \(topic)  \(differences.joined(separator: "; "))"
    }
  }

  private var configText: String {
    config.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }
}
