/// Looks for the fewest faults with which a failing run still fails.
///
/// The faults up to one of them are the same with and without those after it, so first their end is
/// looked for by halves. What a fault in the middle changes, changes all that follows, so the rest
/// are left out in smaller and smaller groups and kept where the run no longer fails.
public struct Shrinker {
  private static let mostRuns = 400

  private var options: SimulationOptions
  private var runs = 0
  /// Called with how many faults are left.
  public var onProgress: (Int) -> Void = { _ in }

  /// - Parameter options: of a run that fails.
  public init(_ options: SimulationOptions) { self.options = options }

  /// The options of the smallest failing run that was found.
  public mutating func shrink() -> SimulationOptions {
    var kept = Simulation(options).run().faults
    kept = shortened(kept)
    var size = max(1, kept.count / 2)
    while runs < Shrinker.mostRuns {
      let smaller = withoutGroups(of: size, kept)
      if smaller.count == kept.count, size == 1 { break }
      kept = smaller
      size = max(1, size / 2)
    }
    return with(kept)
  }

  /// The shortest beginning that fails, as far as halves tell.
  private mutating func shortened(_ faults: [Int]) -> [Int] {
    var (passes, fails) = (-1, faults.count)
    while fails - passes > 1 {
      let middle = (passes + fails) / 2
      if failure(of: Array(faults[..<middle])) != nil { fails = middle } else { passes = middle }
    }
    return failure(of: Array(faults[..<fails])) ?? faults
  }

  private mutating func withoutGroups(of size: Int, _ faults: [Int]) -> [Int] {
    var kept = faults
    var end = kept.count
    while end > 0, runs < Shrinker.mostRuns {
      let start = max(0, end - size)
      let fewer = Array(kept[..<start] + kept[min(end, kept.count)...])
      if let struck = failure(of: fewer) {
        kept = struck
        onProgress(kept.count)
      }
      end = min(start, kept.count)
    }
    return kept
  }

  /// The faults that struck in a run with these, if it fails.
  private mutating func failure(of faults: [Int]) -> [Int]? {
    runs += 1
    let outcome = Simulation(with(faults)).run()
    return outcome.failures.isEmpty ? nil : outcome.faults
  }

  private func with(_ faults: [Int]) -> SimulationOptions {
    var result = options
    result.keptFaults = Set(faults)
    result.isTraced = false
    return result
  }
}
