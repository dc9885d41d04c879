import System5Core
import Testing

@Suite struct PersistentTableTests {
  private struct Refused: Error {}

  private var table = PersistentTable<Text, [Int]>()

  @Test mutating func valuesAreChangedWhereTheyLie() {
    table.modify("a", default: [0]) { $0.append(1) }
    table.modify("a", default: [9]) { $0.append(2) }
    #expect(table["a"] == [0, 1, 2] && table.count == 1)
    #expect(table.modify("b") { $0.append(1) } == nil)
    #expect(table["b"] == nil)
    #expect(table.modify("a") { $0.removeLast() } == 2)
  }

  @Test mutating func aCopyStaysAsItWas() {
    for number in 0..<100 { table[Text("\(number)")] = [number] }
    let copy = table
    table.modify("7") { $0.append(1) }
    table["8"] = nil
    #expect(copy["7"] == [7] && copy["8"] == [8] && copy.count == 100)
    #expect(table["7"] == [7, 1] && table["8"] == nil && table.count == 99)
  }

  @Test mutating func whatABodyThrowsComesOut() {
    #expect(throws: Refused.self) {
      try table.modify("a", default: []) { (value) throws(Refused) in
        value.append(1)
        throw Refused()
      }
    }
    #expect(table["a"] == [1])
  }

  @Test mutating func entriesComeInTheOrderOfTheirKeys() {
    let keys = (0..<50).map { Text("key-\(($0 * 37) % 50)") }
    for key in keys { table[key] = [key.byteCount] }
    #expect(table.inOrder.map(\.key) == keys.sorted())
    #expect(Set(table.map(\.key)) == Set(keys) && table.values.count { $0.count == 1 } == 50)
  }
}
