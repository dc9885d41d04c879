import System5Testing
import Testing

@testable import System5Core

@Suite struct ExactDoubleTests {
  @Test("short numbers are what the standard library makes of them")
  func short() throws {
    var generator = SplitMix64(seed: 15)
    for _ in 0..<20_000 {
      let digits = String(Int64.random(in: 0..<1_000_000_000_000_000, using: &generator))
      let kept = digits.prefix(Int.random(in: 1...15, using: &generator))
      let point = kept.index(
        kept.startIndex, offsetBy: Int.random(in: 1...kept.count, using: &generator))
      let fraction = kept[point...].isEmpty ? "" : ".\(kept[point...])"
      let spelling = (Bool.random(using: &generator) ? "-" : "") + kept[..<point] + fraction
      let number = try #require(JSONNumber(spelling))
      #expect(number.exactDouble?.bitPattern == Double(spelling)?.bitPattern, "\(spelling)")
    }
  }

  @Test(
    "what is not short or not plain is left to it",
    arguments: [
      "1e5", "1234567890123456", "0.1234567890123456", "1.2e1", "0x10", "5.", ".5", "+5", "inf",
    ])
  func others(spelling: String) {
    let number = JSONNumber(checked: Text(spelling))
    #expect(number.exactDouble == nil)
    #expect(number.double == Double(spelling))
  }

  @Test func zeros() {
    #expect(JSONNumber(checked: "-0").double.sign == .minus)
    #expect(JSONNumber(checked: "0.000").double.bitPattern == 0)
  }
}
