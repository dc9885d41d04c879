import ArgumentParser
import System5Core

struct GetPolicies: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policies", abstract: "A system's policies, or one of them.")

  @Argument var system: String
  @Argument(help: "One policy, in full.") var policy: String?
  @Option(help: "Only those with this in their id, data or metadata.") var q: String?
  @Option(help: "Only those of this type.") var type: String?
  @Option(help: "true: only active ones; false: only deleted ones.") var active: Bool?
  @OptionGroup var options: APIOptions
  @OptionGroup var list: ListOptions

  func run() async throws {
    let path = ["v1", "systems", system, "policies"]
    let listing = Listing(options: options)
    if let policy { return try listing.print(try await options.client().get(path + [policy])) }
    let query = [("q", q), ("type", type), ("active", active.map(String.init))] + list.query
    let answer = try await options.client().get(path, query)
    let table = TextTable("POLICY", "VERSION", "ACTIVE", "EFFECTIVENESS", "USED", "UPDATED")
    try listing.print(answer, "policies", table) { policy, table in
      table.add(
        policy.shown("policy"), policy.shown("version"), policy.shown("active"),
        policy.percent("effectiveness"), policy.shown("usage_count"), policy.shown("updated_at"))
    }
  }
}
