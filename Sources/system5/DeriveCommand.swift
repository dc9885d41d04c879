import ArgumentParser
import Foundation
import System5Core
import System5Wire

struct DeriveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "derive",
    abstract: "Record lines in, result lines out, without a broker.",
    discussion: """
      The same lines always give the same results, which are those that a worker publishes. \
      Dead letters are results too: only a line that is no record line is an error (65).
      """)

  @Argument(help: "Files of record lines; - or none is standard input.")
  var files: [String] = []

  @Option(help: "Write the final stores to this file, as one JSON object.")
  var state: String?

  @Option(help: "A JSON file of the rules that shape results.")
  var rules: String?

  @Option(help: "What the names of all topics begin with.")
  var prefix = "system5."

  @Option(help: "How many partitions the result topics have; as many as needed unless given.")
  var partitions: Int32?

  func validate() throws {
    if let partitions, partitions < 1 { throw ValidationError("--partitions is 1 or more") }
  }

  func run() throws {
    let rules = try rules.map { try RulesFile.read($0) } ?? Rules()
    var derivation = Derivation(rules: rules, prefix: prefix, partitions: partitions)
    var output = OutputBuffer()
    var progress = ProgressLine("records")
    for path in files.isEmpty ? ["-"] : files {
      var reader = try LineReader(path: path)
      while try derivation.takeLine(from: &reader, to: &output) {
        progress.update(derivation.count)
      }
    }
    try output.flush()
    progress.clear()
    if let state { try derivation.writeState(to: state) }
  }
}
