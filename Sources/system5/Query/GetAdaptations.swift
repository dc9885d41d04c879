import ArgumentParser
import System5Core

struct GetAdaptations: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adaptations", abstract: "A system's adaptations, or one of them.")

  @Argument var system: String
  @Argument(help: "One adaptation, in full.") var adaptation: String?
  @Flag(help: "Only successful ones, the most effective first.") var successful = false
  @Option(help: "What counts as successful, 0 to 1.") var threshold: Double?
  @OptionGroup var options: APIOptions
  @OptionGroup var list: ListOptions

  func run() async throws {
    let path = ["v1", "systems", system, "adaptations"]
    let listing = Listing(options: options)
    if let adaptation {
      return try listing.print(try await options.client().get(path + ["by-id", adaptation]))
    }
    let isFiltered = successful || threshold != nil
    let query = isFiltered ? [("threshold", threshold.map { "\($0)" })] : []
    let answer = try await options.client().get(
      isFiltered ? path + ["successful"] : path, query + list.query)
    let table = TextTable("ADAPTATION", "DOMAIN", "EFFECTIVENESS", "SUCCESS", "APPLIED", "UPDATED")
    try listing.print(answer, "adaptations", table) { adaptation, table in
      table.add(
        adaptation.shown("adaptation"), adaptation.shown("domain"),
        adaptation.percent("effectiveness"), adaptation.percent("success_probability"),
        adaptation.shown("applied_count"), adaptation.shown("updated_at"))
    }
  }
}
