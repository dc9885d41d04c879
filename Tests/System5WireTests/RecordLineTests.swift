import System5Core
import System5Wire
import Testing

@Suite struct RecordLineTests {
  private let coder = RecordLineCoder()

  private func parse(_ text: String) throws -> RecordLine {
    try coder.parse(Array(text.utf8))
  }

  @Test func theContractsExample() throws {
    let example =
      #"{"topic":"system5.variety.events","partition":0,"offset":12,"#
      + #""timestamp":"2026-11-23T08:00:00.123Z","key":"acme","headers":{},"#
      + #""value":{"specversion":"1.0","id":"m-1","n":1.50,"time":"2026-11-23T08:00:00Z"}}"#
    let line = try parse(example)
    #expect(line.partition == 0)
    #expect(line.offset == 12)
    #expect(line.timestampMilliseconds == 1_795_420_800_123)
    #expect(text(line.key) == "acme")
    #expect(
      text(line.value)
        == #"{"specversion":"1.0","id":"m-1","n":1.50,"time":"2026-11-23T08:00:00Z"}"#)
    #expect(text(coder.encode(line)) == example)
  }

  @Test func whatMayBeLeftOut() throws {
    #expect(try parse(#"{"topic":"t"}"#) == RecordLine(topic: "t"))
    let timed = try parse(#"{"topic":"t","value":{"time":"1970-01-01T00:00:01.5Z"}}"#)
    #expect(timed.timestampMilliseconds == 1_500)
    #expect(try parse(#"{"topic":"t","value":{"time":7}}"#).timestampMilliseconds == nil)
    #expect(try parse(#"{"topic":"t","value":null}"#).value == Array("null".utf8))
  }

  @Test(
    arguments: [
      nil, [], Array(#"{"b":1,"a":[1.0,1e400]}"#.utf8), Array("null".utf8), Array(#""x""#.utf8),
      Array(" 1".utf8), Array("[1,\n2]".utf8), Array(#"{"a":1,"a":2}"#.utf8), [0xFF, 0x00],
      Array("{".utf8), Array(#"[ 1 , "\u00e9" ]"#.utf8),
      Array(repeating: UInt8(ascii: "["), count: 3000),
      Array((String(repeating: "[", count: 100) + String(repeating: "]", count: 100)).utf8),
    ] as [[UInt8]?])
  func valuesKeepTheirBytes(value: [UInt8]?) throws {
    let line = RecordLine(topic: "t", value: value)
    let encoded = coder.encode(line)
    #expect(!encoded.contains(0x0A))
    #expect(try coder.parse(encoded) == line)
  }

  @Test func keysAndHeadersKeepTheirBytes() throws {
    let line = RecordLine(
      topic: "t\"", partition: 3, offset: 9_007_199_254_740_992, timestampMilliseconds: -1,
      key: [0xFF, 0xFE],
      headers: [
        RawHeader("a", text: "x\n"), RawHeader("a", nil), RawHeader("b", [0xFF]),
        RawHeader("c", []),
      ], value: nil)
    let encoded = coder.encode(line)
    #expect(
      text(encoded)
        == #"{"topic":"t\"","partition":3,"offset":9007199254740992,"#
        + #""timestamp":"1969-12-31T23:59:59.999Z","key_base64":"//4=","#
        + #""headers":{"a":["x\n",null],"b":{"base64":"/w=="},"c":""}}"#)
    #expect(try coder.parse(encoded) == line)
  }

  /// Found by fuzzing: the second took the name of the first.
  @Test func headersWhoseNamesDifferInNormalFormOnly() throws {
    let headers = [RawHeader("e\u{301}", text: "1"), RawHeader("\u{e9}", text: "2")]
    let read = try coder.parse(coder.encode(RecordLine(topic: "t", headers: headers)))
    #expect(read.headers.map { Array($0.name.utf8) } == headers.map { Array($0.name.utf8) })
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 255])
  func base64OfEveryLength(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: 255 - $0 * 7) } + [0]
    let line = RecordLine(topic: "t", value: bytes)
    #expect(try coder.parse(coder.encode(line)) == line)
  }

  @Test(arguments: [
    "", "[]", "{}", #"{"topic":1}"#, #"{"topic":"t","partition":-1}"#,
    #"{"topic":"t","partition":1.5}"#, #"{"topic":"t","partition":3000000000}"#,
    #"{"topic":"t","offset":"1"}"#, #"{"topic":"t","timestamp":"now"}"#,
    #"{"topic":"t","timestamp":7}"#, #"{"topic":"t","key":7}"#,
    #"{"topic":"t","value_base64":"a"}"#, #"{"topic":"t","value_base64":"/x=="}"#,
    #"{"topic":"t","value_base64":"===="}"#, #"{"topic":"t","value_base64":"a b="}"#,
    #"{"topic":"t","headers":[]}"#, #"{"topic":"t","headers":{"a":1}}"#,
    #"{"topic":"t"} x"#,
  ])
  func refuses(text: String) {
    #expect(throws: RecordLineError.self) { try parse(text) }
  }
}
