import ArgumentParser

/// Which part of the log a command derives again. Shared by all that `replay` does.
struct ReplayOptions: ParsableArguments {
  @OptionGroup var inputs: InputOptions

  @Option(
    name: .customLong("system"),
    help: "Only the results of this viable system; repeatable. All unless given.")
  var systems: [String] = []

  @Option(
    help: ArgumentHelp(
      "The first record whose results count: beginning, an offset, or a time (RFC 3339).",
      valueName: "place"))
  var from = "beginning"

  @Option(
    help: ArgumentHelp(
      "The end: the first record at or after this time (RFC 3339); else the end as of the start.",
      valueName: "time"))
  var until: String?

  @Flag(help: "Derive from what is left of a log whose beginning is gone.")
  var acceptTruncatedLog = false

  func validate() throws {
    guard let start = LogRange.Start(from) else {
      throw ValidationError("--from is beginning, an offset or a time (RFC 3339)")
    }
    guard let until else { return }
    guard let end = EmitTime.parse(until) else {
      throw ValidationError("--until is a time (RFC 3339), such as 2026-11-23T08:00:00Z")
    }
    if case .time(let time) = start, time >= end {
      throw ValidationError("--from is not before --until")
    }
  }

  var choice: InputChoice { inputs.choice }

  var range: LogRange {
    LogRange(
      start: LogRange.Start(from) ?? .beginning, end: until.flatMap { EmitTime.parse($0) })
  }

  var systemChoice: SystemChoice { SystemChoice(systems) }
}
