public import Metrics
import System5Wire

/// What a simulated run is made of; the same options give the same run.
public struct SimulationOptions: Sendable {
  public var seed: UInt64
  public var faults: Set<Fault> = Set(Fault.allCases)
  /// The numbers of the occurrences of faults that take effect; nil for all.
  public var keptFaults: Set<Int>?
  /// nil: 1 to 3, by the seed.
  public var workers: Int?
  /// nil: as many as the seed says.
  public var records: Int?
  /// Record lines to be read instead of generated ones.
  public var lines: [RecordLine]?
  public var mistake: Mistake?
  public var isTraced = false
  /// Where the workers count.
  public var metrics: any MetricsFactory = NOOPMetricsHandler.instance

  public init(seed: UInt64) { self.seed = seed }
}

extension SimulationOptions {
  /// The command that repeats the run.
  public var command: String {
    var words = ["system5 simulate --seed \(seed)", "--faults \(faultList)"]
    if let keptFaults {
      let numbers = keptFaults.sorted().map(String.init).joined(separator: ",")
      words.append("--only \(numbers.isEmpty ? "none" : numbers)")
    }
    if let workers { words.append("--workers \(workers)") }
    if let records { words.append("--records \(records)") }
    if let mistake { words.append("--mistake \(mistake.rawValue)") }
    return words.joined(separator: " ")
  }

  private var faultList: String {
    if faults.isEmpty { return "none" }
    if faults.count == Fault.allCases.count { return "all" }
    return Fault.allCases.filter(faults.contains).map(\.rawValue).joined(separator: ",")
  }
}
