import ArgumentParser
import Kafka
import System5Core
import System5Wire

struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Print results as they are committed, until interrupted.")

  @OptionGroup var settings: SettingsOptions

  @Flag(help: "Begin with the oldest results, not with those to come.")
  var fromBeginning = false

  @Flag(help: "Print record lines.")
  var json = false

  @Option(help: ArgumentHelp("End when nothing came for so long.", valueName: "seconds"))
  var untilIdle: Double?

  @Option(
    help: "Which results, comma-separated: patterns, alerts, gap-analyses, dead-letters.")
  var topics = "patterns,alerts,gap-analyses,dead-letters"

  private static let known = OutputTopic.allCases.map(\.rawValue) + ["dead-letters"]

  func validate() throws {
    for name in names where !Self.known.contains(name) {
      throw ValidationError(
        "--topics are of \(Self.known.joined(separator: ", ")), not \(name)")
    }
    if names.isEmpty { throw ValidationError("--topics names no topic") }
    if let untilIdle, !(untilIdle > 0 && untilIdle < 1e9) {
      throw ValidationError("--until-idle is more than 0 seconds")
    }
  }

  func run() throws {
    let settings = try settings.load()
    let prefix = settings.string("prefix")
    let reader = try LogReader(settings, follows: true)
    try reader.follow(
      reader.partitions(of: names.map { prefix + $0 }),
      from: fromBeginning ? LogicalOffset.beginning : LogicalOffset.end)
    var output = OutputBuffer()
    let coder = RecordLineCoder()
    let idle = untilIdle.map { Duration.seconds($0) }
    var latest = ContinuousClock.now
    while idle.map({ ContinuousClock.now - latest < $0 }) ?? true {
      let count = try reader.poll { result in
        if json {
          try output.append(line: coder.encode(result))
        } else {
          try output.append(line: result.humanLine(prefix: prefix))
        }
      }
      if count > 0 || !reader.hasCaughtUp { latest = .now }
      try output.flush()
    }
    try reader.close()
  }

  private var names: [String] {
    topics.split(separator: ",").map { String($0).trimmingPrefix(" ") }.map { String($0) }
  }
}
