import ArgumentParser

/// The command: one file a subcommand.
@main
struct System5: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "system5",
    abstract: "An organisation's memory of its policies, and of whether they work.",
    discussion: """
      Data goes to standard output, all else to standard error. Settings come from flags, else \
      from the environment (SYSTEM5_…), else from a file, else they have a default: \
      `system5 config` shows them.

      Exit codes: 1 differences were found, 64 usage, 65 bad data, 69 broker unavailable, \
      70 our fault, 75 try again, 77 not authorised, 78 configuration.
      """,
    subcommands: [
      RunCommand.self, DeriveCommand.self, EmitCommand.self, WatchCommand.self, TopicsCommand.self,
      ReplayCommand.self, CheckpointCommand.self, DeadLettersCommand.self, TraceCommand.self,
      StatusCommand.self, GetCommand.self, ForwardCommand.self, ConfigCommand.self,
      MetricsCommand.self, SimulateCommand.self,
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      end(with: error)
    }
  }

  /// Says what went wrong and ends with the contract's exit code.
  private static func end(with error: any Error) -> Never {
    // A command that has said all there is to say.
    if error is ExitCode { exit(withError: error) }
    if let failure = CommandFailure(explaining: error) {
      Terminal.say("system5: \(failure.message)")
      exit(withError: ExitCode(failure.code.rawValue))
    }
    // A command's own verdict, such as a seed that fails, has been told already.
    if error is ExitCode { exit(withError: error) }
    guard exitCode(for: error) == .failure else { exit(withError: error) }
    Terminal.say("system5: \(error)")
    exit(withError: ExitCode(CommandFailure.Code.fault.rawValue))
  }
}
