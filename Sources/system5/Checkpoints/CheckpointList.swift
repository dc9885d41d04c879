import ArgumentParser
import Foundation
import Kafka
import System5Core
import System5Wire
import System5Worker

struct CheckpointList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show every shard's checkpoints, whether they are intact, and which is used.",
    discussion: """
      States: used, a worker would go on from it; spare, it would without the newer ones; ahead, it \
      stands for more than the group has committed, and a worker stops; other-rules; \
      unknown-version, of a later System5, and a worker stops; broken; unfinished; none, the shard has no checkpoint. Every \
      checkpoint is read and decoded in full for this.
      """)

  @OptionGroup var settings: SettingsOptions
  @OptionGroup(title: "Which shards") var shards: InputOptions

  @Flag(help: "Those of all groups, not only of --group.")
  var allGroups = false

  @Flag(help: "One JSON object a line for each.")
  var json = false

  func run() throws {
    let settings = try settings.load()
    let rules = try settings.rules()
    let found = try places(settings, rules)
    var output = OutputBuffer()
    let now = Int64(Date().timeIntervalSince1970 * 1000)
    if !json { try output.append(line: CheckpointEntry.heading) }
    for group in Set(found.flatMap(\.places.keys)).sorted() {
      let committed = try GroupOffsets.committed(
        by: group, of: found.map(\.input.partition), settings)
      for shard in found {
        guard let places = shard.places[group] else { continue }
        let partition = shard.input.partition
        for entry in CheckpointEntry.entries(
          of: partition, group: group, committed: committed[partition], places, rules: rules)
        {
          if json {
            try output.append(line: entry.json.bytes)
          } else {
            try output.append(line: entry.tableLine(now: now))
          }
        }
      }
    }
    try output.flush()
  }

  private struct Shard {
    let input: InputPartition
    let places: [String: [CheckpointPlace]]
  }

  private func places(_ settings: Settings, _ rules: Rules) throws -> [Shard] {
    let group = settings.string("group")
    let inputs = try CheckpointInputs(settings, shards.choice)
    defer { try? inputs.close() }
    return try inputs.chosen.map { input in
      var shelves = try inputs.log.shelves(of: input, group: allGroups ? nil : group)
      if !allGroups, shelves.isEmpty { shelves[group] = CheckpointShelf(group: group) }
      return Shard(
        input: input, places: shelves.mapValues { $0.inspect(input.input, rules: rules) })
    }
  }
}
