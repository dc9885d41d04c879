import ArgumentParser
import PrometheusMetrics
import System5Core

struct MetricsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics", abstract: "The metrics of a worker, and what each means.")

  @Flag(help: "A JSON array instead of a table in Markdown.")
  var json = false

  func run() throws {
    var output = OutputBuffer()
    if json {
      let list = JSONValue.array(WorkerRegistry.descriptions.map(Self.json))
      try output.append(line: list.canonicalText)
    } else {
      for line in Self.table(WorkerRegistry.descriptions) { try output.append(line: line) }
    }
    try output.flush()
  }

  private static func json(_ description: MetricDescription) -> JSONValue {
    [
      "name": .string(Text(description.name)), "kind": .string(Text(description.kind.rawValue)),
      "unit": description.unit.map { .string(Text($0)) } ?? nil,
      "labels": .array(description.labels.map { .string(Text($0)) }),
      "help": .string(Text(description.help)),
    ]
  }

  static func table(_ descriptions: [MetricDescription]) -> [String] {
    ["| metric | kind | labels | |", "| --- | --- | --- | --- |"]
      + descriptions.map {
        "| `\($0.name)` | \($0.kind.rawValue) | \($0.labels.joined(separator: ", ")) | \($0.help) |"
      }
  }
}
