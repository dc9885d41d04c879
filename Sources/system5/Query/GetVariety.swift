import ArgumentParser
import System5Core

struct GetVariety: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "variety", abstract: "A system's sources, or the measurements of one of them.")

  @Argument var system: String
  @Argument(help: "One source, with its measurements.") var source: String?
  @Option(help: "minute, hour, day, week, month, or seconds.") var range: String?
  @OptionGroup var options: APIOptions
  @OptionGroup var list: ListOptions

  func run() async throws {
    let path = ["v1", "systems", system, "variety"]
    guard let source else { return try await printSources(path) }
    let answer = try await options.client().get(
      path + ["by-id", source, "history"], [("range", range)] + list.query)
    let table = TextTable("TIME", "VARIETY", "CAPACITY")
    try Listing(options: options).print(answer, "history", table) { point, table in
      table.add(point.shown("time"), point.shown("variety"), point.shown("capacity"))
    }
  }

  private func printSources(_ path: [String]) async throws {
    let answer = try await options.client().get(path, list.query)
    let table = TextTable("SOURCE", "ROLE", "VARIETY", "CAPACITY", "THRESHOLDS", "TIME")
    try Listing(options: options).print(answer, "sources", table) { source, table in
      let thresholds = (source["thresholds"]?.elements ?? []).compactMap(\.object).map {
        "\($0.shown("direction")) \($0.shown("threshold"))"
      }
      table.add(
        source.shown("source"), source.shown("role"), source.shown("variety"),
        source.shown("capacity"), thresholds.isEmpty ? "-" : thresholds.joined(separator: ", "),
        source.shown("time"))
    }
  }
}
