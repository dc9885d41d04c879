#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import System5Core
import Workload

// hotpath INPUT STAGE [COUNT [PASSES]]: runs one stage over COUNT records in memory and prints the
// CPU time of the quickest of its passes. `hotpath list` prints what there is: input, stage, COUNT.

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
// What is done only once, such as making generic code's metadata, is not counted.
pass.run()
let least = (0..<passes).map { _ in measured(pass) }.min() ?? 0
print("\(stage.input) \(stage.name): \(Int(least * 1e9) / pass.operations) ns each")

/// A function of its own for instructions.sh to find.
@inline(never)
func measured(_ pass: Pass) -> Double {
  let started = clock()
  pass.run()
  return Double(clock() - started) / Double(CLOCKS_PER_SEC)
}
