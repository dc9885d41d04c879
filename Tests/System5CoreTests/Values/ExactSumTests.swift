import Testing

@testable import System5Core

@Suite struct ExactSumTests {
  private func sum(_ values: [Double]) -> Double {
    var sum = ExactSum()
    for value in values { sum.add(value) }
    return sum.value
  }

  @Test func isExact() {
    #expect(sum([]) == 0)
    #expect(sum(Array(repeating: 0.1, count: 10)) == 1.0)
    #expect(sum([1e100, 1, -1e100]) == 1)
  }

  @Test func doesNotDependOnTheOrder() {
    let values = [1e16, 0.1, -1e16, 3.7, 1e-9, 1e100, -2.5, -1e100]
    let expected = sum(values)
    #expect(sum(values.reversed()) == expected)
    #expect(sum(values.sorted()) == expected)
    for shift in values.indices {
      #expect(sum(Array(values[shift...] + values[..<shift])) == expected)
    }
  }

  @Test func removalRestores() {
    var sum = ExactSum()
    sum.add(0.1)
    sum.add(0.2)
    sum.add(1e80)
    sum.subtract(1e80)
    sum.subtract(0.1)
    #expect(sum.value == 0.2)
    sum.subtract(0.2)
    #expect(sum.value == 0)
    #expect(sum == ExactSum())
  }

  /// 2^53 + 1 lies half-way between two numbers; the even one is nearest unless something is added.
  @Test func tiesGoToEvenUnlessMoreFollows() {
    let big = 9_007_199_254_740_992.0
    #expect(sum([big, 1]) == big)
    #expect(sum([big, 1, 1e-30]) == big + 2)
    #expect(sum([big + 2, 1]) == big + 4)
    #expect(sum([big + 2, 1, -1e-30]) == big + 2)
  }
}
