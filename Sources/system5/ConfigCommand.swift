import ArgumentParser
import Foundation
import System5Core

struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "The settings in force and where each comes from, secrets hidden.")

  @OptionGroup var options: SettingsOptions

  @Flag(help: "One JSON object: key to value and source.")
  var json = false

  func run() throws {
    let settings = try options.load()
    var output = OutputBuffer()
    if json {
      try output.append(line: Self.json(settings.entries).canonicalText)
    } else {
      for line in Self.table(settings.entries) { try output.append(line: line) }
    }
    try output.flush()
  }

  private static func shown(_ entry: Settings.Entry) -> String {
    entry.isSecret ? "(hidden)" : entry.value
  }

  private static func json(_ entries: [Settings.Entry]) -> JSONValue {
    .object(
      JSONObject(
        entries.map { entry in
          JSONObject.Member(
            name: Text(entry.key),
            value: [
              "value": entry.isSecret ? nil : .string(Text(entry.value)),
              "source": .string(Text(entry.source.rawValue)),
              "secret": .bool(entry.isSecret),
            ])
        }))
  }

  private static func table(_ entries: [Settings.Entry]) -> [String] {
    let keyWidth = entries.map(\.key.count).max() ?? 0
    let sourceWidth = Settings.Source.allCases.map(\.rawValue.count).max() ?? 0
    return entries.map { entry in
      let key = entry.key.padding(toLength: keyWidth, withPad: " ", startingAt: 0)
      let source = entry.source.rawValue
        .padding(toLength: sourceWidth, withPad: " ", startingAt: 0)
      return "\(key)  \(source)  \(shown(entry))"
    }
  }
}
