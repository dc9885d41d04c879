import System5Core
import System5Wire
import Testing

@Suite struct JSONParserTests {
  private func parse(_ text: String) throws(JSONError) -> JSONValue {
    try JSONParser().value(of: Array(text.utf8))
  }

  private func error(_ bytes: [UInt8]) -> JSONError? {
    do {
      _ = try JSONParser().value(of: bytes)
      return nil
    } catch { return error }
  }

  @Test func readsEveryKindOfValue() throws {
    let value = try parse(#" {"n":null,"t":true,"f":false,"a":[1,-2.5e+3,[],{}],"s":"x"} "#)
    #expect(
      value.canonicalText == #"{"a":[1,-2.5e+3,[],{}],"f":false,"n":null,"s":"x","t":true}"#)
  }

  @Test(arguments: [
    "0", "-0", "1.50", "1E5", "123456789012345678901234567890", "0.1000000000000000055511151",
    "1e-400", "-1e+2",
  ])
  func keepsTheSpellingOfNumbers(spelling: String) throws {
    #expect(try parse("[\(spelling)]").canonicalText == "[\(spelling)]")
    #expect(try parse(spelling).canonicalText == spelling)
  }

  @Test func readsEscapes() throws {
    let value = try parse(#""\"\\\/\b\f\n\r\t\u00e9\u20AC\ud83d\ude00\u0000é""#)
    #expect(value == .string("\"\\/\u{8}\u{c}\n\r\t\u{e9}€😀\u{0}é"))
  }

  @Test(arguments: [
    "", " ", "nul", "nulll", "True", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}",
    "{\"a\":1,}", "{1:2}", "[", "]", "{", "}", "[}", "{]", "[1]]", "1 2", "{} x", "\"a\"b", "\"a",
    "\"a\" \"b\"", "'a'", "01", "-01", "1.", "-", "+1", ".5", "1e", "1e+", "1.e5", "0x10", "NaN",
    "Infinity", "-Infinity", "1a", "1\"a\"", "[1\u{0}]", "\u{0}", "\"\n\"", "\"\u{1}\"",
    #""\x""#, #""\u12""#, #""\u12g4""#, #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#,
    #""\ud800x""#, #""\udc00\ud800""#, "\u{FEFF}{}", "{} // x", "[1]/**/", "\u{A0}1", ":", ",",
    #"{"a":1 "b":2}"#, #"{"a","b"}"#, #"["a":1]"#,
  ])
  func refusesWhatIsNoJSON(text: String) {
    #expect(error(Array(text.utf8))?.kind == .invalid)
  }

  @Test(arguments: [
    [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
    [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22], [0x5B, 0x80, 0x5D],
  ])
  func refusesInvalidUTF8(bytes: [UInt8]) {
    #expect(error(bytes)?.kind == .invalid)
  }

  @Test(arguments: [
    #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, #"[{"x":{"b":1,"c":2,"b":3}}]"#, #"{"":1,"":2}"#,
  ])
  func refusesRepeatedNames(text: String) {
    #expect(error(Array(text.utf8))?.message == "an object that has two members of one name")
  }

  @Test func allowsOneNameInSeveralObjects() throws {
    let text = #"{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":3}}"#
    #expect(try parse(text).canonicalText == text)
  }

  /// Sorting them takes milliseconds; comparing each with each would take a minute.
  @Test(.timeLimit(.minutes(1))) func findsARepeatedNameAmongManyQuickly() {
    let members = (0..<100_000).map { #""k\#($0)":0"# }.joined(separator: ",")
    #expect(error(Array("{\(members)}".utf8)) == nil)
    #expect(error(Array("{\(members),\"k\\u0035\":0}".utf8))?.kind == .invalid)
  }

  @Test func reportsDepth() {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    #expect(error(nested(64)) == nil)
    #expect(error(nested(65))?.kind == .tooDeep)
    #expect(error(Array(repeating: UInt8(ascii: "["), count: 100_000))?.kind == .tooDeep)
    let objects = String(repeating: #"{"a":"#, count: 100_000)
    #expect(error(Array(objects.utf8))?.kind == .tooDeep)
  }

  @Test func tellsWhere() {
    #expect(error(Array("[1, 02]".utf8))?.offset == 4)
    #expect(error(Array("[1, 02]".utf8))?.description == "a malformed number at byte 4")
  }

  @Test func aParserServesManyDocuments() throws {
    let parser = JSONParser()
    let large = "[" + String(repeating: "12345,", count: 50_000) + "0]"
    for text in ["[1]", large, "{}", #"{"a":"\n"}"#, "[1]"] {
      #expect(try parser.value(of: Array(text.utf8)).canonicalText == text)
      #expect(throws: JSONError.self) { try parser.value(of: Array("[".utf8)) }
    }
  }

  @Test func refusesNumbersBeyondDoublesAsValues() {
    #expect(error(Array("1e400".utf8)) != nil)
    #expect(error(Array("[-1e400]".utf8)) != nil)
  }

  @Test func everyLengthAroundTheBlocksOfTheFirstStage() throws {
    for length in 0..<200 {
      let string = String(repeating: "x", count: length)
      #expect(try parse("\"\(string)\"") == .string(Text(string)))
      #expect(error(Array("\"\(string)".utf8))?.kind == .invalid)
    }
  }
}
