import System5Core
import System5Wire

/// A time series in a CSV file, read as measurements of one source.
struct CSVSeries {
  var system: String
  /// The source whose variety is measured.
  var sourceName: String
  var timeColumn: String
  var valueColumn: String
  var role: Role?
  var topic: String
  /// The CloudEvents `source`.
  var source: String

  private struct Columns {
    let time: Int
    let value: Int
  }

  /// Reads the file, whose first line names the columns, and hands its rows over in their order.
  /// The same rows always give the same events, so that a file sent twice, or in pieces that
  /// overlap, counts once.
  func eachRecord(
    of path: String, _ body: (EmitRecord) throws -> Void
  ) throws {
    var reader = try LineReader(path: path)
    guard let columns = try header(&reader) else {
      throw CommandFailure(.badData, "\(path): no line with the names of the columns")
    }
    var row = 0
    while let fields = try reader.next({ line in CSVRow.fields(of: line) }) {
      if let fields, fields == [""] { continue }
      row += 1
      guard let fields, let record = self.record(row, fields, columns) else {
        throw CommandFailure(
          .badData,
          "\(reader.place): needs a time (RFC 3339) in \(timeColumn) and a number, 0 or more, "
            + "in \(valueColumn)")
      }
      try body(record)
    }
  }

  private func header(_ reader: inout LineReader) throws -> Columns? {
    guard let fields = try reader.next({ line in CSVRow.fields(of: line) ?? [] }) else {
      return nil
    }
    var names = fields
    if let first = names.first, first.hasPrefix("\u{feff}") { names[0] = String(first.dropFirst()) }
    func place(of column: String) throws -> Int {
      if let place = names.firstIndex(of: column) { return place }
      throw CommandFailure(
        .badData,
        "\(reader.place): there is no column \(column), only \(names.joined(separator: ", "))")
    }
    return Columns(time: try place(of: timeColumn), value: try place(of: valueColumn))
  }

  private func record(_ row: Int, _ fields: [String], _ columns: Columns) -> EmitRecord? {
    guard fields.count > max(columns.time, columns.value),
      let time = EmitTime.parse(fields[columns.time]),
      let value = Double(fields[columns.value]), value.isFinite, value >= 0
    else { return nil }
    let event = InputEvent(
      id: "csv:\(sourceName):\(RFC3339.text(of: time)):\(ShortestNumber.text(of: value))",
      source: source, type: "system5.variety.measured",
      time: RFC3339.text(of: time), data: data(value))
    return EmitRecord(
      topic: topic, key: Array(system.utf8), value: event.value, timestamp: time.milliseconds)
  }

  private func data(_ value: Double) -> String {
    let name = JSONValue.string(Text(sourceName)).canonicalText
    let role = role.map { ",\"role\":\"\($0.rawValue)\"" } ?? ""
    return "{\"source\":\(name),\"variety\":\(ShortestNumber.text(of: value))\(role)}"
  }
}
