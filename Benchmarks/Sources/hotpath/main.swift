#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import System5Core
import Workload

// hotpath INPUT STAGE [COUNT [PASSES]]: runs one stage over COUNT records in memory and prints the
// CPU time of the quickest of its passes. `hotpath list` prints what there is.

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments == ["list"] {
  for stage in Stage.all { print(stage.input, stage.name, stage.count) }
  exit(0)
}
guard (2...4).contains(arguments.count),
  let stage = Stage.all.first(where: {
    $0.input.rawValue == arguments[0] && $0.name == arguments[1]
  })
else {
  print("usage: hotpath INPUT STAGE [COUNT [PASSES]], hotpath list")
  exit(64)
}
let count = arguments.count > 2 ? Int(arguments[2]) ?? stage.count : stage.count
let passes = arguments.count > 3 ? Int(arguments[3]) ?? 1 : 5

let pass = stage.prepare(count)
var least = Double.infinity
for _ in 0..<passes {
  let started = clock()
  pass.run()
  least = min(least, Double(clock() - started) / Double(CLOCKS_PER_SEC))
}
print("\(stage.input) \(stage.name): \(Int(least * 1e9) / pass.operations) ns each")
