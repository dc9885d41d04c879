import ArgumentParser
import System5Core
import System5Wire

/// Asks a worker for what it knows; one subcommand a list.
struct GetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract: "Ask a running worker: systems, policies, adaptations, patterns, variety, alerts.",
    discussion: "A table for people; --json prints the worker's answer.",
    subcommands: [
      GetSystems.self, GetPolicies.self, GetAdaptations.self, GetPatterns.self, GetVariety.self,
      GetAlerts.self,
    ])
}

/// How much of a list to show.
struct ListOptions: ParsableArguments {
  @Option(help: "How many, 1 to 1000.")
  var limit: Int?

  @Option(help: "Go on after this cursor, which the page before has given.")
  var cursor: String?

  var query: [(String, String?)] { [("limit", limit.map(String.init)), ("cursor", cursor)] }
}

/// Prints an answer: a table of one of its lists, or the answer itself.
struct Listing {
  let options: APIOptions

  func print(
    _ answer: APIClient.Answer, _ list: Text, _ table: TextTable,
    _ row: (JSONObject, inout TextTable) -> Void
  ) throws {
    if options.json { return try printJSON(answer) }
    var table = table
    for element in answer.object[list]?.elements ?? [] {
      if let object = element.object { row(object, &table) }
    }
    try print(table)
    if let next = answer.text("next_cursor") {
      Terminal.say("There is more: --cursor \(next)")
    }
  }

  func printJSON(_ answer: APIClient.Answer) throws {
    var output = OutputBuffer()
    try output.append(line: answer.bytes)
    try output.flush()
  }

  func print(_ table: TextTable) throws {
    var output = OutputBuffer()
    for line in table.lines { try output.append(line: line) }
    try output.flush()
  }

  /// One object, a line a member.
  func print(_ answer: APIClient.Answer) throws {
    if options.json { return try printJSON(answer) }
    var table = TextTable("MEMBER", "VALUE")
    for member in answer.object.members {
      table.add(member.name.string, member.value.text ?? member.value.canonicalText)
    }
    try print(table)
  }
}

struct GetSystems: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "systems", abstract: "The systems that the worker has partitions of.")

  @OptionGroup var options: APIOptions
  @OptionGroup var list: ListOptions

  func run() async throws {
    let answer = try await options.client().get(["v1", "systems"], list.query)
    try Listing(options: options).print(answer, "systems", SystemTable.empty, SystemTable.add)
  }
}

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

extension JSONObject {
  /// A share as `92 %`.
  func percent(_ name: Text) -> String {
    self[name]?.number.map { "\(ShortestNumber.text(of: ($0 * 1000).rounded() / 10)) %" } ?? "-"
  }

  fileprivate var actions: String {
    let names = (self["recommended_actions"]?.elements ?? []).compactMap { action in
      action.text ?? action.object?["action"]?.text
    }
    return names.isEmpty ? "-" : names.joined(separator: ", ")
  }
}
