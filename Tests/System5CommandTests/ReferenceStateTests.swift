import System5Core
import System5Testing
import System5Wire
import Testing

@testable import system5

/// What `derive --state` writes after generated records, against the naive model.
@Suite struct ReferenceStateTests {
  @Test(arguments: UInt64(100)..<108)
  func statesAreTheContracts(seed: UInt64) throws {
    var generator = ContractGenerator(seed: seed)
    var model = ReferenceModel(rules: ContractGenerator.rules)
    var shards = DerivedShards(rules: ContractGenerator.rules, prefix: "system5.")
    var comparison = ReferenceComparison()
    for number in 1...400 {
      let line = generator.next()
      var results: [ResultRecord] = []
      try shards.process(line, into: &results)
      let complaints = comparison.differences(expected: model.take(line), published: results)
      #expect(complaints.isEmpty, "record \(number)")
      guard number.isMultiple(of: 100) else { continue }
      let state = Array(shards.state.canonicalText.utf8)
      #expect(comparison.differences(state: model, published: state) == [])
    }
  }
}
