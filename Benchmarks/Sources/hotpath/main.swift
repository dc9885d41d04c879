#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import System5Core
import System5Wire
import Workload

// hotpath KIND STAGE COUNT [PASSES]: runs one stage of the event path over COUNT records in memory
// and prints the CPU time of the quickest of its passes. KIND is variety, adaptation or policy;
// STAGE is decode, apply or process.

let arguments = CommandLine.arguments
guard (4...5).contains(arguments.count), let input = InputTopic(rawValue: arguments[1]),
  ["decode", "apply", "process"].contains(arguments[2]), let count = Int(arguments[3])
else {
  print("usage: hotpath variety|adaptation|policy decode|apply|process COUNT [PASSES]")
  exit(64)
}
let stage = arguments[2]
let passes = arguments.count == 5 ? Int(arguments[4]) ?? 1 : 5
let workload = Workload(input, count: count)
let seconds =
  switch input {
  case .policy: leastSeconds(EventPath<PolicyStore>(workload))
  case .adaptation: leastSeconds(EventPath<AdaptationStore>(workload))
  case .variety: leastSeconds(EventPath<VarietyMetricsStore>(workload))
  }
print("\(input) \(stage): \(Int(seconds * 1e9) / max(1, count)) ns a record")

func leastSeconds<Store: EventStore>(
  _ path: EventPath<Store>
) -> Double where Store.System.Payload: WirePayload {
  switch stage {
  case "decode": return leastSeconds { _ = path.decoded() }
  case "apply":
    let events = path.decoded()
    return leastSeconds { path.apply(events) }
  default: return leastSeconds { path.process() }
  }
}

func leastSeconds(_ pass: () -> Void) -> Double {
  var least = Double.infinity
  for _ in 0..<passes {
    let started = clock()
    pass()
    least = min(least, Double(clock() - started) / Double(CLOCKS_PER_SEC))
  }
  return least
}
