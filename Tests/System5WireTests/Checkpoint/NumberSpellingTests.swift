import Testing

@testable import System5Wire

@Suite struct NumberSpellingTests {
  @Test(arguments: ["0", "-0", "7", "10", "-12.5", "0.50", "123456789012345678901234567890"])
  func plain(spelling: String) { #expect(hasExponent(spelling) == false) }

  @Test(arguments: ["1e5", "-1E+5", "0.5e-07", "0e0"])
  func exponents(spelling: String) { #expect(hasExponent(spelling) == true) }

  @Test(arguments: [
    "", "-", "+1", "01", "-01", ".5", "5.", "1.e5", "1e", "1e+", "1e5.", "1e5e5", "0x1", "1 ", " 1",
    "inf", "nan", "1.2.3", "--1", "1e+-1", "٣",
  ])
  func none(spelling: String) { #expect(hasExponent(spelling) == nil) }

  private func hasExponent(_ spelling: String) -> Bool? {
    NumberSpelling.hasExponent(Array(spelling.utf8).span)
  }
}
