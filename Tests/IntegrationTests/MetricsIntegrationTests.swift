import Foundation
import Logging
import System5Testing
import System5Wire
import System5Worker
import Testing

@testable import PrometheusMetrics
@testable import system5

/// What a worker tells of itself against what is on the topics, and the page against Prometheus's
/// own tools.
@Suite(.serialized, .enabled(if: Program.brokers != nil, "needs SYSTEM5_TEST_BROKERS"))
struct MetricsIntegrationTests {
  @Test func aWorkerTellsWhatItHasDone() async throws {
    let deployment = try Deployment()
    var generator = EventGenerator(seed: 11)
    generator.malformedPercent = 5
    try deployment.emit((0..<4_000).map { _ in generator.next() })
    let inputs = try deployment.records(of: Deployment.inputs)

    let first = try await run(on: deployment) { page in
      page.sum("system5_checkpoint_duration_seconds_count") > 0
        && page.sum("system5_records_total", without: "restored") >= Double(inputs.count)
        && page.sum("system5_assigned_partitions", with: "live") == 12
        && page.sum("system5_lag_records") == 0
    }
    #expect(first.sum("system5_records_total", without: "restored") == Double(inputs.count))
    #expect(first.sum("system5_records_total", with: "restored") == 0)
    let letters = try deployment.records(of: ["dead-letters"])
    #expect(letters.count > 100)
    #expect(first.sum("system5_dead_letters_total") == Double(letters.count))
    #expect(first.sum("system5_records_total", with: "dead-letter") == Double(letters.count))
    let results = try deployment.records(of: ["patterns", "alerts", "gap-analyses"])
    #expect(first.sum("system5_results_total") == Double(results.count))
    let bytes = results.reduce(0) { $0 + ($1.key?.count ?? 0) + ($1.value?.count ?? 0) }
    #expect(first.sum("system5_result_bytes_total") == Double(bytes))
    // What comes before a partition's state is there comes again.
    #expect(first.sum("system5_poll_records_sum") >= Double(inputs.count))
    #expect(first.sum("system5_lag_records") == 0)
    #expect(first.sum("system5_lag_seconds") == 0)
    #expect(first.sum("system5_pipeline_joined") == 1)
    #expect(first.sum("system5_commit_duration_seconds_count", with: "results") > 0)
    #expect(first.sum("system5_end_to_end_latency_seconds_count", with: "last") > 0)
    #expect(first.sum("system5_restore_duration_seconds_count", with: "nothing") == 12)
    #expect(first.sum("system5_checkpoint_size_bytes") > 0)
    #expect(first.sum("system5_loop_seconds_total", with: "apply") > 0)
    #expect(first.sum("system5_metrics_refused_series_total") == 0)

    let second = try await run(on: deployment) { page in
      page.sum("system5_assigned_partitions", with: "live") == 12
    }
    #expect(second.sum("system5_restore_duration_seconds_count", with: "checkpoint") > 0)
    #expect(second.sum("system5_results_total") == 0)
    #expect(second.sum("system5_records_total", without: "restored") == 0)
  }

  /// Runs a worker in this process until its page is as it is to be, and gives that page, which is
  /// valid.
  private func run(
    on deployment: Deployment, until isDone: @Sendable (MetricsPage) -> Bool
  ) async throws -> MetricsPage {
    var configuration = WorkerConfiguration(brokers: try #require(Program.brokers))
    configuration.prefix = deployment.prefix
    configuration.group = deployment.prefix + "group"
    configuration.sessionTimeout = .seconds(2)
    configuration.checkpointRecords = 100
    let registry = WorkerRegistry.make()
    let logger = Logger(label: "metrics") { _ in SwiftLogNoOpLogHandler() }
    let worker = Worker(configuration: configuration, logger: logger, metrics: registry) {
      $0.emptyPartition(rules: $1)
    }
    let running = Task { await worker.run() }
    defer { worker.requestStop() }
    try wait(seconds: 60, "the metrics to come to it: \(registry.page().body)") {
      isDone(MetricsPage(registry.page().body))
    }
    // A page is made family by family, while the loop goes on: what that one lacked is in the next.
    let page = MetricsPage(registry.page().body)
    try expectValid(registry, in: deployment.folder)
    worker.requestStop()
    #expect(await running.value == .stopped)
    return page
  }

  private func expectValid(_ registry: Registry, in folder: Folder) throws {
    let families = registry.snapshot()
    let text = try folder.write([Page(families, in: .text).body], to: "text")
    let openMetrics = Page(families, in: .openMetrics).body
    try Data(openMetrics.utf8).write(to: folder.url.appendingPathComponent("openmetrics"))
    try expectTaken(
      ".local/venv/bin/python",
      ["deploy/monitoring/parse_page.py", text, folder.path("openmetrics")], from: "/dev/null")
    try expectTaken(".local/tools/promtool", ["check", "metrics"], from: text)
  }

  /// A tool that says nothing against what it is given.
  private func expectTaken(_ tool: String, _ arguments: [String], from input: String) throws {
    let process = Process()
    let errors = Pipe()
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = arguments
    process.standardInput = FileHandle(forReadingAtPath: input)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    let complaint = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(String(decoding: complaint, as: UTF8.self))")
  }
}

/// The samples of a page.
private struct MetricsPage {
  private let samples: [(line: Substring, value: Double)]

  init(_ body: String) {
    samples = body.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
      guard let space = line.lastIndex(of: " "),
        let value = Double(line[line.index(after: space)...])
      else { return nil }
      return (line[..<space], value)
    }
  }

  /// Over all series of a name that have, or have not, a label of this value.
  func sum(_ name: String, with value: String? = nil, without other: String? = nil) -> Double {
    samples.filter { line, _ in
      line.prefix { $0 != "{" } == name && value.map { line.contains("\"\($0)\"") } ?? true
        && other.map { !line.contains("\"\($0)\"") } ?? true
    }.reduce(0) { $0 + $1.value }
  }
}
