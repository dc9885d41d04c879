import Foundation
import System5Core
import System5Wire
import Testing

@testable import system5

@Suite struct EmitTests {
  @Test(arguments: [
    ("2026-11-23T08:00:00Z", "2026-11-23T08:00:00Z"),
    ("2014-02-14 14:27:00", "2014-02-14T14:27:00Z"),
    ("2014-02-14", "2014-02-14T00:00:00Z"),
    ("2000-02-29T23:59:59.123456789+05:30", "2000-02-29T18:29:59.123456Z"),
    ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z"),
    ("0001-01-01T00:00:00-01:00", "0001-01-01T01:00:00Z"),
  ])
  func timesAreReadAndWritten(text: String, expected: String) {
    #expect(EmitTime.parse(text).map { RFC3339.text(of: $0) } == expected)
  }

  @Test(arguments: [
    "", "today", "2026-13-01", "2026-02-29", "2026-01-01T24:00:00Z", "2026-01-01T10:00:00Zx",
    "2026-01-01T10:00:00.Z", "2026-01-01T10:00:00+1", "2026-01-01X10:00:00",
  ])
  func whatIsNoTimeIsRefused(text: String) { #expect(EmitTime.parse(text) == nil) }

  @Test(arguments: [
    ("a,b", ["a", "b"]), ("", [""]), ("a,", ["a", ""]), (#""a,b",c"#, ["a,b", "c"]),
    (#""say ""so""""#, [#"say "so""#]), (#""open"#, nil), (#""a"b"#, nil),
  ])
  func rowsHaveFields(line: String, expected: [String]?) {
    let fields = Array(line.utf8).withUnsafeBytes { CSVRow.fields(of: $0) }
    #expect(fields == expected)
  }

  @Test func aSeriesGivesTheSameEventsEachTime() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "system5-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("timestamp,value\r\n2014-02-14 14:27:00,45.50\r\n\r\n2014-02-14 14:32:00,3".utf8)
      .write(to: URL(filePath: path))
    let series = CSVSeries(
      system: "acme", sourceName: "requests", timeColumn: "timestamp", valueColumn: "value",
      role: .environment, topic: "t", source: "/acme/csv")
    var values: [String] = []
    try series.eachRecord(of: path) { record in
      values.append(String(decoding: record.value ?? [], as: UTF8.self))
    }
    #expect(
      values == [
        #"{"specversion":"1.0","id":"csv:requests:2014-02-14T14:27:00Z:45.5","source":"/acme/csv","#
          + #""type":"system5.variety.measured","time":"2014-02-14T14:27:00Z","#
          + #""data":{"source":"requests","variety":45.5,"role":"environment"}}"#,
        #"{"specversion":"1.0","id":"csv:requests:2014-02-14T14:32:00Z:3","source":"/acme/csv","#
          + #""type":"system5.variety.measured","time":"2014-02-14T14:32:00Z","#
          + #""data":{"source":"requests","variety":3,"role":"environment"}}"#,
      ])
  }
}
