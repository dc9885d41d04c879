import HashTreeCollections
import Testing

@testable import System5Core

@Suite struct ByteOrderTests {
  private static let texts: [Text] = [
    "", "a", "a\0", "ab", "b", "é", "e\u{301}", "adaptation-1-20", "adaptation-1-2",
    "adaptation-1-200", "adaptation-10-2", "adaptation-number-1-of-many",
    "adaptation-number-1-of-more", "adaptation-number-1-of-many-of-them", "\u{7F}", "\u{80}",
    "\u{10FFFF}",
  ]

  @Test func precedesIsTheOrderOfTexts() {
    for left in Self.texts {
      for right in Self.texts { #expect(left.precedes(right) == (left < right)) }
    }
  }

  @Test(
    "entries come in the order of their keys, whatever these begin with", arguments: [0, 5, 40])
  func entries(common: Int) {
    let start = String(repeating: "ä", count: common)
    let keys = Self.texts.map { Text(start + $0.string) }
    let tree = TreeDictionary(uniqueKeysWithValues: keys.map { ($0, $0.byteCount) })
    #expect(tree.inOrder.map(\.key) == keys.sorted())
    #expect(tree.inOrder.allSatisfy { $0.key.byteCount == $0.value })
  }

  @Test func commonLengths() {
    let text: Text = "adaptation-10-2"
    #expect(text.commonLength(with: "adaptation-10-3", atMost: 100) == 14)
    #expect(text.commonLength(with: "adaptation-10-3", atMost: 9) == 9)
    #expect(text.commonLength(with: "adapt", atMost: 100) == 5)
    #expect(text.commonLength(with: "", atMost: 100) == 0)
    #expect(Text.commonLength([]) == 0)
  }
}
