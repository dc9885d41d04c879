import ArgumentParser
import Foundation
import System5Core
import System5Wire

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "How a worker stands: systems, gaps, firing alerts, lag and partitions.")

  @OptionGroup var options: APIOptions
  @OptionGroup var list: ListOptions

  @Flag(help: "Go on, every two seconds, until interrupted.")
  var watch = false

  func run() async throws {
    let client = try options.client()
    repeat {
      let status = try await WorkerStatus(client, list.query)
      var output = OutputBuffer()
      if options.json {
        try output.append(line: status.json)
      } else {
        // Over what was there before, where somebody looks.
        if watch, isatty(STDOUT_FILENO) == 1 { try output.append(Array("\u{1B}[H\u{1B}[2J".utf8)) }
        for line in status.lines(of: options.url) { try output.append(line: line) }
      }
      try output.flush()
      if watch { try await Task.sleep(for: .seconds(2)) }
    } while watch
  }
}

/// What a worker says of itself, at one moment.
private struct WorkerStatus {
  private let health: APIClient.Answer
  private let statistics: APIClient.Answer
  private let shards: APIClient.Answer

  init(_ client: APIClient, _ query: [(String, String?)]) async throws {
    health = try await client.answer(["readyz"])
    statistics = try await client.get(["v1", "statistics"], query)
    shards = try await client.get(["v1", "shards"], [("limit", "1000")])
  }

  var json: [UInt8] {
    Array("{\"readiness\":".utf8) + health.bytes + Array(",\"statistics\":".utf8)
      + statistics.bytes + Array(",\"shards\":".utf8) + shards.bytes + [UInt8(ascii: "}")]
  }

  func lines(of url: String) -> [String] {
    var systems = SystemTable.empty
    for system in objects(statistics, "systems") { SystemTable.add(system, to: &systems) }
    var partitions = TextTable("TOPIC", "PARTITION", "STATUS", "OFFSET", "LAG", "SYSTEMS")
    for shard in objects(shards, "shards") {
      partitions.add(
        shard.shown("topic"), shard.shown("partition"), shard.shown("status"),
        shard.shown("offset"), known(shard, "lag"), known(shard, "systems"))
    }
    return [summary(of: url), ""] + systems.lines + [""] + partitions.lines
  }

  private func summary(of url: String) -> String {
    let all = objects(shards, "shards")
    let live = all.count { $0["status"]?.text == "live" }
    let lag = all.reduce(0) { $0 + ($1["lag"]?.integer ?? 0) }
    let word = health.status == 200 ? "ready" : "not ready: \(health.text("detail") ?? "?")"
    return "\(url)  \(word)  \(live) of \(all.count) partitions live  lag \(lag)"
  }

  private func known(_ object: JSONObject, _ name: Text) -> String {
    let text = object.shown(name)
    return text == "null" ? "-" : text
  }

  private func objects(_ answer: APIClient.Answer, _ list: Text) -> [JSONObject] {
    (answer.object[list]?.elements ?? []).compactMap(\.object)
  }
}
