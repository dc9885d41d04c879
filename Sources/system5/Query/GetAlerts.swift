import ArgumentParser
import System5Core

struct GetAlerts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alerts", abstract: "The latest episode of each of a system's alerts.")

  @Argument var system: String
  @Flag(help: "Only those that fire.") var firing = false
  @OptionGroup var options: APIOptions
  @OptionGroup var list: ListOptions

  func run() async throws {
    let answer = try await options.client().get(
      ["v1", "systems", system, "alerts"], [("firing", firing ? "true" : nil)] + list.query)
    let table = TextTable("STATE", "KIND", "SINCE", "UNTIL", "EPISODE", "SUMMARY")
    try Listing(options: options).print(answer, "alerts", table) { alert, table in
      table.add(
        alert["ends_at"] == nil ? "firing" : "resolved", alert.shown("kind"),
        alert.shown("starts_at"), alert.shown("ends_at"), alert.shown("episode"),
        alert.shown("summary"))
    }
  }
}
