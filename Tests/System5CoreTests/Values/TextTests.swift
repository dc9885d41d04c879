import System5Core
import Testing

@Suite struct TextTests {
  let composed = Text("\u{E9}")
  let decomposed = Text("e\u{301}")

  @Test func canonicallyEquivalentSpellingsDiffer() {
    #expect(composed.string == decomposed.string)
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed, Text("\u{E9}")]).count == 2)
  }

  @Test func ordersByBytes() {
    #expect(decomposed < composed)
    #expect(Text("Z") < Text("a"))
    #expect(Text("a") < Text("aa"))
    #expect(!(Text("a") < Text("a")))
    #expect(composed.byteCount == 2)
  }
}
