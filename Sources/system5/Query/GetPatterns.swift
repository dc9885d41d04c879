import ArgumentParser
import System5Core

struct GetPatterns: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patterns", abstract: "What a system has learnt.")

  @Argument var system: String
  @OptionGroup var options: APIOptions
  @OptionGroup var list: ListOptions

  func run() async throws {
    let answer = try await options.client().get(
      ["v1", "systems", system, "patterns"], list.query)
    let table = TextTable("PATTERN", "TYPE", "DOMAIN", "OCCURRENCES", "EFFECTIVENESS", "ACTIONS")
    try Listing(options: options).print(answer, "patterns", table) { pattern, table in
      let base = pattern["base_pattern"]?.object ?? pattern
      let domain = pattern["target_domain"]?.text ?? pattern.shown("domain")
      table.add(
        pattern.shown("pattern"), pattern.shown("pattern_type"), domain, base.shown("occurrences"),
        base.percent("avg_effectiveness"), base.actions)
    }
  }
}
