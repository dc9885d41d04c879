import ArgumentParser
import System5Core
import System5Worker

extension TopicsCommand {
  struct ACLs: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "acls",
      abstract: "The least that the brokers must permit; asks none.",
      discussion: "Prints a table in Markdown, unless told otherwise.")

    enum Role: String, ExpressibleByArgument, CaseIterable { case worker, forward }

    @OptionGroup var settings: SettingsOptions

    @Option(help: "Whom it is for: worker or forward.")
    var role = Role.worker

    @Option(help: "Of the forwarder, as it is given there.")
    var name = "alertmanager"

    @Flag(help: "Print commands for Kafka's kafka-acls.sh.")
    var commands = false

    @Option(help: "Whom the commands permit it.")
    var principal = "User:system5"

    @Flag(help: "One JSON object a line for each right.")
    var json = false

    func validate() throws {
      if commands, json { throw ValidationError("--commands and --json exclude each other") }
    }

    func run() throws {
      let settings = try settings.load()
      var output = OutputBuffer()
      for line in lines(try rights(settings), brokers: settings.string("brokers")) {
        try output.append(line: line)
      }
      try output.flush()
    }

    private func rights(_ settings: Settings) throws -> [AccessRight] {
      switch role {
      case .worker: try settings.workerConfiguration().accessRights
      case .forward: ForwardAccess.rights(settings, name: name)
      }
    }

    private func lines(_ rights: [AccessRight], brokers: String) -> [String] {
      if json { return rights.map(\.json.canonicalText) }
      if commands {
        return AccessTable.commands(rights, brokers: brokers, principal: principal)
      }
      return AccessTable.lines(rights)
    }
  }
}
