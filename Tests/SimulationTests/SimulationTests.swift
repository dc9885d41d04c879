import Foundation
import System5Testing
import Testing

@Suite struct SimulationTests {
  /// How many seeds are run with all faults; more for a long run by hand.
  private static let seeds =
    ProcessInfo.processInfo.environment["SYSTEM5_TEST_SEEDS"].flatMap(UInt64.init) ?? 1_000

  /// In parts, which may run side by side.
  @Test(arguments: 0..<4 as Range<UInt64>)
  func nothingIsLostTwiceOrDifferentWhateverGoesWrong(part: UInt64) {
    for seed in stride(from: part, to: SimulationTests.seeds, by: 4) {
      let options = SimulationOptions(seed: seed)
      let outcome = Simulation(options).run()
      #expect(outcome.failures.isEmpty, "Repeat with: \(options.command) --trace")
    }
  }

  /// 55773: whoever had slept while it waited for a checkpoint, ended over one that the next owner
  /// had made meanwhile.
  @Test(arguments: [55773] as [UInt64])
  func whatOnceWentWrongDoesNoMore(seed: UInt64) {
    let outcome = Simulation(SimulationOptions(seed: seed)).run()
    #expect(outcome.failures.isEmpty)
  }

  @Test(arguments: Fault.allCases)
  func eachFaultAloneDoesNoHarm(fault: Fault) {
    for seed in 0..<10 as Range<UInt64> {
      var options = SimulationOptions(seed: seed)
      options.faults = [fault]
      let outcome = Simulation(options).run()
      #expect(outcome.failures.isEmpty, "Repeat with: \(options.command) --trace")
    }
  }

  @Test func theSameSeedGivesTheSameRun() {
    var options = SimulationOptions(seed: 9)
    options.isTraced = true
    let trace = Simulation(options).run().trace
    #expect(trace.count > 50)
    #expect(Simulation(options).run().trace == trace)
  }

  @Test func runsTheRecordsItIsGiven() {
    var options = SimulationOptions(seed: 3)
    options.records = 30
    #expect(Simulation(options).run().failures.isEmpty)
    options.lines = []
    #expect(Simulation(options).run().failures.isEmpty)
  }

  @Test func namesTheCommandThatRepeatsARun() {
    var options = SimulationOptions(seed: 12)
    options.faults = [.pause, .crash]
    options.keptFaults = [4, 2]
    options.workers = 2
    #expect(
      options.command == "system5 simulate --seed 12 --faults crash,pause --only 2,4 --workers 2")
  }
}

@Suite struct MistakeTests {
  @Test(arguments: Mistake.allCases)
  func isFound(mistake: Mistake) {
    let seed = (0..<1_000 as Range<UInt64>).first { (seed) -> Bool in
      var options = SimulationOptions(seed: seed)
      options.mistake = mistake
      return !Simulation(options).run().failures.isEmpty
    }
    #expect(seed != nil)
  }

  @Test func aFailingRunShrinksToFewFaults() throws {
    var options = SimulationOptions(seed: 0)
    options.mistake = .offsetsBeforeResults
    while Simulation(options).run().failures.isEmpty { options.seed += 1 }
    var shrinker = Shrinker(options)
    let smallest = shrinker.shrink()
    #expect(!Simulation(smallest).run().failures.isEmpty)
    let kept = try #require(smallest.keptFaults)
    #expect(!kept.isEmpty)
    #expect(kept.count < Simulation(options).run().faults.count)
  }
}
