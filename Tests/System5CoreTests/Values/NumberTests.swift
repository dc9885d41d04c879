import System5Core
import Testing

@Suite struct NumberTests {
  @Test(arguments: [
    ("0", "0"), ("-0", "0"), ("180", "180"), ("0.1", "0.1"), ("1e-7", "1e-7"),
    ("1.5e-7", "1.5e-7"), ("123456789012345680000", "123456789012345680000"), ("1e21", "1e+21"),
    ("1e22", "1e+22"), ("5e-324", "5e-324"),
    ("1.7976931348623157e308", "1.7976931348623157e+308"), ("0.000001", "0.000001"),
    ("-2.5", "-2.5"), ("0.001", "0.001"), ("0.00099", "0.00099"), ("-0.0012", "-0.0012"),
    ("999999999999999.9", "999999999999999.9"), ("1000000000000000.5", "1000000000000000.5"),
    ("inf", "null"), ("nan", "null"),
  ])
  func spellsAsECMAScriptDoes(number: String, text: String) throws {
    let value = try #require(Double(number))
    #expect(ShortestNumber.text(of: value) == text)
  }

  @Test(
    arguments: [
      (9, 10, 0.5958499732047615, 0.9821237869049271),
      (1, 2, 0.09453120573423074, 0.9054687942657693),
    ] as [(Int64, Int64, Double, Double)])
  func wilsonInterval(successes: Int64, trials: Int64, lower: Double, upper: Double) {
    let interval = Proportion(successes: successes, trials: trials).wilsonInterval
    #expect(abs(interval.lower - lower) < 1e-12)
    #expect(abs(interval.upper - upper) < 1e-12)
  }

  @Test func wilsonIntervalAtTheEdges() {
    #expect(Proportion(successes: 0, trials: 0).wilsonInterval == (0, 1))
    #expect(Proportion(successes: 0, trials: 10).wilsonInterval.lower == 0)
    #expect(Proportion(successes: 10, trials: 10).wilsonInterval.upper == 1)
    let huge = Proportion(successes: .max, trials: .max).wilsonInterval
    #expect(huge.lower > 0.999 && huge.upper == 1)
  }
}
