import System5Testing

/// Inputs without end, the same for the same seed and corpus.
///
/// What does something that no input before it did joins those to start from, which takes mutation
/// further than any single step would.
public struct Fuzzer {
  /// Of each target; enough to go deep, and few enough to come back to what is there.
  private static let poolLimit = 4000

  private var random: SplitMix64
  private let targets: [FuzzTarget]
  private var pools: [FuzzTarget: [FuzzInput]]
  private var outcomes: Set<String> = []

  /// How many different things inputs have done.
  public var outcomeCount: Int { outcomes.count }

  /// - Parameter targets: those to take, or all where it is empty.
  public init(seed: UInt64, corpus: Corpus, targets: [FuzzTarget] = []) {
    random = SplitMix64(seed: seed)
    // Half of all inputs are records: there is most to reach.
    let usual: [FuzzTarget] = [
      .records, .records, .records, .records, .records, .lines, .json, .checkpoints, .manifests,
      .shelves,
    ]
    self.targets = targets.isEmpty ? usual : targets
    pools = corpus.inputs
  }

  public mutating func next() -> FuzzInput {
    let target = random.pick(targets)
    guard let pool = pools[target], !pool.isEmpty else { return FuzzInput(target, []) }
    return Mutator.mutate(random.pick(pool), with: random.pick(pool), using: &random)
  }

  /// - Parameter outcome: as ``FuzzCheck/check(_:)`` gave it.
  public mutating func learn(_ outcome: String, of input: FuzzInput) {
    guard outcomes.insert(outcome).inserted, input.payload.count < 2048 else { return }
    let count = pools[input.target]?.count ?? 0
    if count < Fuzzer.poolLimit {
      pools[input.target, default: []].append(input)
    } else {
      pools[input.target]?[random.below(count)] = input
    }
  }
}
