import Benchmark
import Workload

/// Figures are of a whole pass: over so many records, or of one question where that is what it asks.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.cpuTotal, .throughput], warmupIterations: 1, maxDuration: .seconds(2),
    // Far apart, as the machine may be busy; thresholds.sh judges instructions closely.
    thresholds: [.cpuTotal: .init(relative: [.p90: 50])])
  for stage in Stage.all {
    Benchmark(
      "\(stage.input): \(stage.name)",
      closure: { _, pass in pass.run() },
      setup: { stage.prepare(stage.count) })
  }
}
