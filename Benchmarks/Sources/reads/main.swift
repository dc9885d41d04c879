#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import System5Core

// reads [NAME] [COUNT…]: asks stores of so many policies, adaptations or measurements and prints the
// CPU time of the quickest of some passes, in µs a question; only of questions so named, for a
// profiler.

let arguments = CommandLine.arguments.dropFirst()
let name = arguments.first { Int($0) == nil } ?? ""
let given = arguments.compactMap { Int($0) }.filter { $0 > 0 }
let counts = given.isEmpty ? [1_000, 10_000, 100_000] : given

for count in counts {
  print("\(count):")
  askPolicies(count)
  askAdaptations(count)
  askVariety(count)
}

func askPolicies(_ count: Int) {
  let store = Population.policies(count)
  let ids = (0..<1000).map { Population.policy($0 * 7919 % count) }
  report("get", questions: ids.count) {
    ids.reduce(0) { found, id in
      found + ((try? store.getPolicy(id, system: Population.system)) == nil ? 0 : 1)
    }
  }
  report("search, 1 in 100 found") {
    store.searchPolicies("Team-42", system: Population.system).count
  }
  report("search, none found") {
    store.searchPolicies("no such text", system: Population.system).count
  }
}

func askAdaptations(_ count: Int) {
  let store = Population.adaptations(count)
  report("similar, 10") {
    store.findSimilarAdaptations(Population.question, limit: 10, system: Population.system).count
  }
  report("top effectiveness, 1 in 100 found") {
    store.getSuccessfulAdaptations(threshold: 0.99, system: Population.system).count
  }
  report("top effectiveness, half found") {
    store.getSuccessfulAdaptations(threshold: 0.5, system: Population.system).count
  }
  // On a copy, so that each pass meets the same changes.
  report("extraction of everything") { extracted(from: store) }
  var settled = store
  _ = try? settled.extractPatterns(system: Population.system, at: Population.end)
  report("extraction of nothing new") { extracted(from: settled) }
}

func extracted(from store: AdaptationStore) -> Int {
  var store = store
  return (try? store.extractPatterns(system: Population.system, at: Population.end).count) ?? -1
}

func askVariety(_ count: Int) {
  let store = Population.variety(count)
  report("trends of 1,000 sources") {
    store.analyzeVarietyTrends(over: .day, of: Population.system)?.trends.count ?? -1
  }
}

/// - Parameter read: returns how many were found, which is printed as well.
func report(_ question: String, questions: Int = 1, _ read: () -> Int) {
  guard question.contains(name) || name.isEmpty else { return }
  var least = Double.infinity
  var found = 0
  for _ in 0..<7 {
    let started = clock()
    var passes = 0
    // For long enough that the clock's steps do not matter.
    repeat {
      found = read()
      passes += 1
    } while clock() - started < CLOCKS_PER_SEC / 100
    least = min(least, Double(clock() - started) / Double(CLOCKS_PER_SEC * passes))
  }
  let nanoseconds = Int(least * 1e9) / questions
  let digits = String(nanoseconds % 1000 + 1000).dropFirst()
  print("  \(question): \(nanoseconds / 1000).\(digits) µs (\(found) found)")
}
