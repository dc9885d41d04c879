import ArgumentParser

/// Asks a worker for what it knows; one subcommand a list.
struct GetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Ask a running worker: systems, policies, adaptations, patterns, variety, alerts.",
    discussion: "A table for people; --json prints the worker's answer.",
    subcommands: [
      GetSystems.self, GetPolicies.self, GetAdaptations.self, GetPatterns.self, GetVariety.self,
      GetAlerts.self,
    ])
}
