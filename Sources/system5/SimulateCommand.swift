import ArgumentParser
import Foundation
import System5Core
import System5Testing
import System5Wire

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "The worker against a model of a broker, with faults by a seed.",
    discussion: """
      The same seed always gives the same run. Each run ends with an audit: the result topics and \
      the stores must be what a plain fold of the input logs gives.
      """)

  @Option(help: "The first seed.")
  var seed: UInt64 = 0

  @Option(help: "How many seeds to run, from the first on.")
  var seeds: UInt64 = 1

  @Option(help: ArgumentHelp("Which faults may strike: all, none, or a list with commas."))
  var faults = "all"

  @Option(help: "The numbers of the only faults that take effect, with commas, or none.")
  var only: String?

  @Option(help: "How many workers; by the seed unless given.")
  var workers: Int?

  @Option(help: "How many records; by the seed unless given.")
  var records: Int?

  @Option(help: "A file of record lines to be read instead of generated ones.")
  var events: String?

  @Option(help: "A mistake for the worker to make, to see that it is found.")
  var mistake: String?

  @Flag(help: "Look for the fewest faults that make a failing seed fail.")
  var shrink = false

  @Flag(help: "Write every step to standard output.")
  var trace = false

  func validate() throws {
    if seeds < 1 { throw ValidationError("--seeds is 1 or more") }
    if let workers, workers < 1 { throw ValidationError("--workers is 1 or more") }
    if let records, records < 1 { throw ValidationError("--records is 1 or more") }
  }

  func run() throws {
    var options = try self.options()
    var progress = ProgressLine("seeds")
    for count in 0..<seeds {
      options.seed = seed &+ count
      let outcome = Simulation(options).run()
      progress.step(Int(count) + 1)
      if trace { print(outcome.trace.joined(separator: "\n")) }
      if outcome.failures.isEmpty { continue }
      progress.clear()
      report(outcome, options)
      throw ExitCode(1)
    }
    progress.clear()
    Terminal.say(seeds == 1 ? "Nothing is wrong." : "\(seeds) seeds, and nothing is wrong.")
  }

  private func report(_ outcome: Simulation.Outcome, _ options: SimulationOptions) {
    for failure in outcome.failures { Terminal.say(failure) }
    Terminal.say("\(outcome.faults.count) faults. Repeat with: \(repeated(options))")
    guard shrink else { return }
    var shrinker = Shrinker(options)
    var progress = ProgressLine("faults")
    shrinker.onProgress = { progress.step($0) }
    let smallest = shrinker.shrink()
    progress.clear()
    Terminal.say("Fails with \(smallest.keptFaults?.count ?? 0) of them: \(repeated(smallest))")
  }

  private func repeated(_ options: SimulationOptions) -> String {
    options.command + (events.map { " --events \($0)" } ?? "")
  }

  private func lines(of path: String) throws -> [RecordLine] {
    let coder = RecordLineCoder()
    var reader = try LineReader(path: path)
    var lines: [RecordLine] = []
    while let line = try RecordLines.next(from: &reader, by: coder) { lines.append(line) }
    return lines
  }

  private func options() throws -> SimulationOptions {
    var options = SimulationOptions(seed: seed)
    options.faults = try chosenFaults()
    options.keptFaults = try only.map { try numbers($0) }
    options.workers = workers
    options.records = records
    options.lines = try events.map { try lines(of: $0) }
    options.isTraced = trace
    options.mistake = try mistake.map(chosenMistake)
    return options
  }

  private func chosenMistake(_ name: String) throws -> Mistake {
    guard let mistake = Mistake(rawValue: name) else {
      let known = Mistake.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("no mistake is called \(name); there are \(known)")
    }
    return mistake
  }

  private func chosenFaults() throws -> Set<Fault> {
    switch faults {
    case "all": Set(Fault.allCases)
    case "none": []
    default:
      try Set(
        faults.split(separator: ",").map { name in
          guard let fault = Fault(rawValue: String(name)) else {
            let known = Fault.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("no fault is called \(name); there are \(known)")
          }
          return fault
        })
    }
  }

  private func numbers(_ list: String) throws -> Set<Int> {
    if list == "none" { return [] }
    return try Set(
      list.split(separator: ",").map { text in
        guard let number = Int(text) else { throw ValidationError("--only takes numbers") }
        return number
      })
  }
}
