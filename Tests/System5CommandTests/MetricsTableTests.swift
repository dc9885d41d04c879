import System5Testing
import System5Worker
import Testing

@testable import PrometheusMetrics
@testable import system5

/// Workers that meet every fault, and what they have told meanwhile.
@Suite struct MetricsTableTests {
  private func simulated(seeds: [UInt64]) -> Registry {
    let registry = WorkerRegistry.make()
    for seed in seeds {
      var options = SimulationOptions(seed: seed)
      options.metrics = registry
      #expect(Simulation(options).run().failures.isEmpty)
    }
    return registry
  }

  @Test func everyMetricIsInTheTableAndEveryoneInTheTableIsTold() {
    var missing = Dictionary(
      uniqueKeysWithValues: WorkerRegistry.descriptions.map { ($0.name, $0) })
    // There need not be a limit of memory.
    missing["process_memory_limit_bytes"] = nil
    // In the last two a pipeline begins anew, which is rare.
    for values in simulated(seeds: Array(0..<40) + [143, 240]).snapshot() {
      let family = values.family
      let name = family.name(in: .text)
      guard let description = missing.removeValue(forKey: name) else {
        Issue.record("\(name) is not in the table")
        continue
      }
      #expect(family.kind == description.kind)
      #expect(family.help == description.help)
      #expect(family.unit == description.unit)
      for (labels, _) in values.series {
        #expect(labels.labels.map(\.name) == description.labels.sorted(), "of \(name)")
      }
    }
    #expect(missing.keys.sorted() == [])
  }

  @Test func nothingIsRefused() {
    let page = simulated(seeds: [0, 1, 2]).page().body.split(separator: "\n")
    let refused = page.filter { $0.hasPrefix("system5_metrics_refused_series_total{") }
    #expect(refused.count == 3)
    #expect(refused.allSatisfy { $0.hasSuffix(" 0") })
  }

  /// Partitions come and go between workers; what is told of them goes with them.
  @Test func whoeverCountsDoesNotChangeTheRun() {
    var options = SimulationOptions(seed: 7)
    options.isTraced = true
    let trace = Simulation(options).run().trace
    options.metrics = WorkerRegistry.make()
    #expect(Simulation(options).run().trace == trace)
  }

  @Test func theTableInMarkdownHasALineForEach() {
    let table = MetricsCommand.table(WorkerRegistry.descriptions)
    #expect(table.count == WorkerRegistry.descriptions.count + 2)
    #expect(
      table.contains(
        "| `system5_aborts_total` | counter | cause | Steps taken back to the last commit. |"))
  }
}
