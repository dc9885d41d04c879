import ArgumentParser
import Kafka
import System5Core

struct TopicsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "topics", abstract: "The topics that System5 reads and writes.",
    subcommands: [Plan.self, Apply.self, Check.self, ACLs.self])

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
