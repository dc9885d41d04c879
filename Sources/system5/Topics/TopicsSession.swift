import Kafka

/// The definitions beside what the brokers have.
struct TopicsSession {
  let settings: Settings
  let prefix: String
  let definitions: TopicDefinitions
  /// What the brokers have of the defined topics, by full name.
  let present: [String: TopicPlan.Present]
  let plan: TopicPlan
  private let admin: Admin
  private let troubles = ClientTroubles()

  init(_ options: TopicsOptions) throws {
    settings = try options.settings.load()
    definitions = try TopicDefinitions.read(options.definitions)
    admin = try Admin(
      configuration: settings.clientConfiguration(), events: troubles.events)
    prefix = settings.string("prefix")
    let prefix = prefix
    present = try Self.present(
      definitions.topics.map { prefix + $0.name }, admin: admin, troubles: troubles)
    plan = TopicPlan(
      definitions, prefix: prefix, partitions: options.partitions, present: present)
  }

  func create(replicationFactor: Int) throws {
    let missing = plan.steps.filter { $0.action == .create }.map { step in
      NewTopic(
        name: step.topic, partitionCount: step.partitions, replicationFactor: replicationFactor,
        configuration: step.config)
    }
    let results = try troubles.explaining("creating topics") { () throws(KafkaError) in
      try admin.createTopics(missing, timeoutMilliseconds: 30_000)
    }
    for result in results {
      guard let error = result.error, !error.isTopicAlreadyExists else { continue }
      throw CommandFailure(error, while: "creating \(result.name)")
    }
  }

  private static func present(
    _ names: [String], admin: Admin, troubles: ClientTroubles
  ) throws -> [String: TopicPlan.Present] {
    let patience = Admin.patienceMilliseconds
    let all = try troubles.explaining("asking for topics") { () throws(KafkaError) in
      try admin.allTopics(timeoutMilliseconds: patience)
    }
    var present: [String: TopicPlan.Present] = [:]
    for topic in all where names.contains(topic.name) && topic.error == nil {
      present[topic.name] = TopicPlan.Present(partitions: topic.partitionCount, config: [:])
    }
    let described = try troubles.explaining("asking for topics' settings") {
      () throws(KafkaError) in
      try admin.describeTopicConfigs(present.keys.sorted(), timeoutMilliseconds: patience)
    }
    for topic in described where topic.error == nil {
      present[topic.name]?.config = topic.values
    }
    return present
  }
}
