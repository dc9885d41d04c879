import Testing

@testable import System5Core

@Suite struct RowSetTests {
  private func rows(of set: RowSet) -> [Int] {
    var found: [Int] = []
    set.eachWord { first, bits in bits.eachBit { found.append(first + $0) } }
    return found
  }

  @Test func rowsComeOnceAndTheNewestFirst() {
    var set = RowSet()
    for row in [5, 63, 64, 1000, 0, 127, 5] { set.insert(row) }
    #expect(set.count == 6)
    #expect(rows(of: set) == [1000, 127, 64, 63, 5, 0])
  }

  @Test func aCopyStaysAsItWas() {
    var set = RowSet()
    for row in 0..<200 { set.insert(row) }
    let copy = set
    for row in 1..<200 { set.remove(row) }
    set.remove(7)
    #expect(set.count == 1 && set.first == 0)
    #expect(copy.count == 200 && rows(of: copy) == (0..<200).reversed())
    set.remove(0)
    #expect(set.count == 0 && set.first == nil && rows(of: set).isEmpty)
  }
}
