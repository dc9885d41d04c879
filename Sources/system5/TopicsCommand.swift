import ArgumentParser
import Kafka
import System5Core

struct TopicsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "topics", abstract: "The topics that System5 reads and writes.",
    subcommands: [Plan.self, Apply.self, ACLs.self])

  struct Plan: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what `apply` would create, and what differs from the definitions.")

    @OptionGroup var options: TopicsOptions

    func run() throws {
      try options.print(try TopicsSession(options).plan)
    }
  }

  struct Apply: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Create the topics that are missing.",
      discussion: "Existing topics are never changed: what differs is said on standard error.")

    @OptionGroup var options: TopicsOptions

    func run() throws {
      let session = try TopicsSession(options)
      try options.print(session.plan)
      try session.create(replicationFactor: options.replicationFactor ?? -1)
      for step in session.plan.steps where step.action == .differs {
        Terminal.say("\(step.topic) \(step.differences.joined(separator: "; "))")
      }
      if let broken = session.plan.steps.first(where: \.isBroken) {
        throw CommandFailure(
          .configuration, "\(broken.topic) must have as many partitions as its input")
      }
    }
  }
}

struct TopicsOptions: ParsableArguments {
  @OptionGroup var settings: SettingsOptions

  @Option(help: "The definitions (topics/topics.json, else the installed ones).")
  var definitions: String?

  @Option(help: "Partitions of each new topic, in place of those defined.")
  var partitions: Int?

  @Option(help: "Copies of each new topic; the brokers' default unless given.")
  var replicationFactor: Int?

  @Flag(help: "One JSON object a line for each topic.")
  var json = false

  func validate() throws {
    if let partitions, !(1...100_000).contains(partitions) {
      throw ValidationError("--partitions is 1 or more")
    }
    if let replicationFactor, !(1...100).contains(replicationFactor) {
      throw ValidationError("--replication-factor is 1 or more")
    }
  }

  func print(_ plan: TopicPlan) throws {
    var output = OutputBuffer()
    for step in plan.steps {
      try output.append(line: json ? step.json.canonicalText : step.line)
    }
    try output.flush()
  }
}

/// The definitions beside what the brokers have.
private struct TopicsSession {
  let plan: TopicPlan
  private let admin: Admin
  private let troubles = ClientTroubles()

  init(_ options: TopicsOptions) throws {
    let settings = try options.settings.load()
    let definitions = try TopicDefinitions.read(options.definitions)
    admin = try Admin(
      configuration: settings.clientConfiguration(), events: troubles.events)
    let prefix = settings.string("prefix")
    let present = try Self.present(
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
