import System5Core
import Workload

// What grows with the number of entities; scale.sh runs these one after the other, each in a process
// of its own, and makes tables of the lines they print.
//
//   scale growth sources|systems|policies|adaptations COUNT
//   scale memory measurements|adaptations|policies COUNT
//   scale checkpoint policy|adaptation|variety COUNT
//   scale pause adaptations|measurements COUNT
//   scale pipelines policy|adaptation|variety COUNT

let arguments = CommandLine.arguments.dropFirst()
guard arguments.count == 3, let command = arguments.first, let word = arguments.dropFirst().first,
  let count = arguments.last.flatMap({ Int($0) }), count > 0
else { fail("usage: scale growth|memory|checkpoint|pause|pipelines WHAT COUNT") }

switch command {
case "growth": measureGrowth(of: word, count)
case "memory": measureMemory(of: word, count)
case "checkpoint": measureCheckpoint(of: word, count)
case "pause": measurePause(with: word, count)
case "pipelines": measurePipelines(of: word, count)
default: fail("no such command: \(command)")
}
