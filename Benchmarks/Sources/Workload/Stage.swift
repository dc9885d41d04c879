import System5Core

/// Something to measure, over a number of records.
public struct Stage: Sendable {
  public let input: InputTopic
  public let name: String
  /// Over how many records it is measured where nobody says.
  public let count: Int
  /// Makes what a pass starts from, which is not to be measured.
  public let prepare: @Sendable (_ count: Int) -> Pass

  init(
    _ input: InputTopic, _ name: String, count: Int = 100_000,
    prepare: @escaping @Sendable (_ count: Int) -> Pass
  ) {
    self.input = input
    self.name = name
    self.count = count
    self.prepare = prepare
  }

  public static let all =
    eventStages(PolicyStore.self) + policyReads
    + eventStages(AdaptationStore.self) + adaptationReads
    + eventStages(VarietyMetricsStore.self) + varietyReads
}

/// What is measured. It does the same each time it runs.
public struct Pass {
  /// How often it does what the stage is named after.
  public let operations: Int
  public let run: () -> Void

  init(_ operations: Int = 1, run: @escaping () -> Void) {
    self.operations = operations
    self.run = run
  }
}
