import ArgumentParser
import Foundation
import Kafka
import System5Core
import System5Wire
import System5Worker

struct CheckpointImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Bring the checkpoints of a file back, for the workers of the group to go on from.",
    discussion: """
      Verifies everything before it writes anything. Refuses what does not fit: another number of \
      partitions, other rules, a position that the log does not reach or no longer has, or one \
      beyond what the group has committed. The input topics must hold the same records as those \
      that the checkpoints were made from. Stop the group's workers first.
      """)

  @OptionGroup var settings: SettingsOptions
  @OptionGroup(title: "Which shards of the file") var shards: InputOptions

  @Argument(help: "What `export` has written; - is standard input.")
  var file: String

  @Flag(help: "Only say what would be done.")
  var dryRun = false

  @Flag(
    help: "Where the group has committed less, or nothing, commit the checkpoints' positions.")
  var setOffsets = false

  @Flag(help: "Also take checkpoints that were made under other rules than those in force here.")
  var anyRules = false

  @Flag(help: "One JSON object a line for each checkpoint.")
  var json = false

  func run() throws {
    let settings = try settings.load()
    let file = try verified(settings)
    let indices = file.header.shards.indices.filter {
      shards.includes(file.header.shards[$0].input, file.header.shards[$0].partition)
    }
    guard !indices.isEmpty else {
      throw CommandFailure(.usage, "\(self.file) has no checkpoint of the chosen shards")
    }
    let target = try ImportTarget(settings)
    defer { try? target.close() }
    try target.checkGroupIsIdle()
    let permissions = ImportPlan.Permissions(setsOffsets: setOffsets, takesOtherRules: anyRules)
    let plans = try target.plans(for: indices.map { file.header.shards[$0] }, permissions)
    if !dryRun {
      for (index, plan) in zip(indices, plans) {
        try target.write(file.content(of: index), plan)
      }
      // Last: an offset without its checkpoint could not be gone on from.
      try target.setOffsets(plans.filter(\.setsOffset))
    }
    try show(plans)
  }

  private func verified(_ settings: Settings) throws -> CheckpointFile {
    do {
      // A pipe can be read only once, and this reads more often.
      let source = try file == "-" ? Spool.collecting(STDIN_FILENO) : FileSource(path: file)
      let file = try CheckpointFile(source)
      try file.verify(rules: settings.rules())
      return file
    } catch let error as CheckpointFileError {
      throw error.failure(of: file)
    }
  }

  private func show(_ plans: [ImportPlan]) throws {
    var output = OutputBuffer()
    for plan in plans {
      if json {
        try output.append(line: plan.json.bytes)
      } else {
        try output.append(line: plan.line(isDry: dryRun))
      }
      for remark in plan.remarks { Terminal.say("\(plan.shard.name): \(remark)") }
    }
    try output.flush()
  }
}
