import Benchmark
import System5Core
import System5Wire
import Workload

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.cpuTotal, .throughput], warmupIterations: 1, maxDuration: .seconds(5))
  for input in InputTopic.allCases {
    let workload = Workload(input, count: 100_000)
    switch input {
    case .policy: add(EventPath<PolicyStore>(workload))
    case .adaptation: add(EventPath<AdaptationStore>(workload))
    case .variety: add(EventPath<VarietyMetricsStore>(workload))
    }
  }
}

/// Each pass is over 100,000 records.
private func add<Store: EventStore>(
  _ path: EventPath<Store>
) where Store.System.Payload: WirePayload {
  let name = path.workload.input.rawValue
  Benchmark("\(name): decode") { _ in _ = path.decoded() }
  Benchmark("\(name): apply") { benchmark in
    let events = path.decoded()
    benchmark.startMeasurement()
    path.apply(events)
  }
  Benchmark("\(name): decode, apply and encode") { _ in path.process() }
}
