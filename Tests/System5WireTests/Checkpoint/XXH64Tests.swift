import Testing

@testable import System5Wire

@Suite struct XXH64Tests {
  /// By the reference implementation, 0.8.
  @Test(
    arguments: [
      (Array("".utf8), "ef46db3751d8e999"),
      (Array("a".utf8), "d24ec4f1a98c6e5b"),
      (Array("abc".utf8), "44bc2cf5ad770999"),
      (Array("Nobody inspects the spammish repetition".utf8), "fbcea83c8a378bf1"),
      (Array(0..<32), "cbf59c5116ff32b4"),
      (Array(0..<63), "e26aa9e2a95f8e4f"),
      ((0..<1000).map { UInt8($0 % 251) }, "f306f04aa88b54d3"),
    ] as [([UInt8], String)])
  func isAsSpecified(bytes: [UInt8], expected: String) {
    #expect(XXH64.hash(bytes).hexadecimal == expected)
    for size in [1, 5, 31, 32, 33] {
      var hash = XXH64()
      for start in stride(from: 0, to: bytes.count, by: size) {
        hash.update(Array(bytes[start..<min(start + size, bytes.count)]))
      }
      #expect(hash.value.hexadecimal == expected, "in pieces of \(size)")
    }
  }

  @Test func hexadecimalIsStrict() {
    #expect(UInt64(hexadecimal: "00000000000000ff") == 255)
    #expect(UInt64(hexadecimal: "00000000000000FF") == nil)
    #expect(UInt64(hexadecimal: "ff") == nil)
    #expect(UInt64(hexadecimal: "+0000000000000ff") == nil)
  }
}
