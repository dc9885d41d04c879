import System5Testing
import Testing

@Suite struct SimulationTests {
  @Test func nothingGoesWrongWithoutFaults() {
    for seed in 0..<20 as Range<UInt64> {
      var options = SimulationOptions(seed: seed)
      options.faults = []
      let outcome = Simulation(options).run()
      #expect(outcome.failures.isEmpty, "\(options.command)")
    }
  }
}
