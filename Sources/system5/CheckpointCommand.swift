import ArgumentParser

struct CheckpointCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "The states that workers keep: look at them, take them out, bring them back.",
    subcommands: [CheckpointList.self, CheckpointExport.self, CheckpointImport.self])
}
