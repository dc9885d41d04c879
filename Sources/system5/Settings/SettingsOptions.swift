import ArgumentParser
import Foundation

/// The flags of every command that talks to Kafka.
struct SettingsOptions: ParsableArguments {
  @Option(help: "A JSON file of settings (or SYSTEM5_CONFIG).")
  var config: String?

  @Option(help: "Brokers to ask first: host:port, comma-separated.")
  var brokers: String?

  @Option(help: "The consumer group that the workers share.")
  var group: String?

  @Option(help: "What the names of all topics begin with.")
  var prefix: String?

  @Option(help: "This worker's name in the group, for static membership.")
  var instance: String?

  @Option(help: "How many loops to run in this process.")
  var pipelines: String?

  @Option(help: "exactly-once or at-least-once.")
  var delivery: String?

  @Option(help: "The longest time between commits while there is work.")
  var commitIntervalMs: String?

  @Option(help: "How long the group waits for a silent worker.")
  var sessionTimeoutMs: String?

  @Option(help: "A JSON file of the rules that shape results.")
  var rulesFile: String?

  @Option(help: "trace, debug, info, notice, warning, error or critical.")
  var logLevel: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Any setting by its key, such as kafka.security.protocol=ssl; repeatable.",
      valueName: "key=value"))
  var assignments: [String] = []

  /// - Parameter more: settings for which a command has flags of its own.
  func load(_ more: [String: String] = [:]) throws -> Settings {
    let variables = ProcessInfo.processInfo.environment
    let file = config ?? variables["SYSTEM5_CONFIG"]
    let settings = try Settings(layers: [
      .flag: flags().merging(more) { _, own in own },
      .environment: SettingsSources.environment(variables),
      .file: file.map { try SettingsSources.file($0) } ?? [:],
      .standard: SettingsSources.defaults,
    ])
    for warning in try settings.connectionWarnings() {
      Terminal.say("system5: warning: \(warning)")
    }
    return settings
  }

  private func flags() throws -> [String: String] {
    var values: [String: String] = [:]
    for assignment in assignments {
      guard let equals = assignment.firstIndex(of: "=") else {
        throw ValidationError("--set takes key=value")
      }
      values[String(assignment[..<equals])] = String(assignment[equals...].dropFirst())
    }
    let named = [
      "brokers": brokers, "group": group, "prefix": prefix, "instance": instance,
      "pipelines": pipelines, "delivery": delivery, "commit.interval.ms": commitIntervalMs,
      "session.timeout.ms": sessionTimeoutMs, "rules.file": rulesFile, "log.level": logLevel,
    ]
    for (key, value) in named { if let value { values[key] = value } }
    return values
  }
}
