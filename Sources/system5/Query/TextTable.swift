/// Rows for people, in columns as wide as they need.
struct TextTable {
  private let titles: [String]
  private var rows: [[String]] = []

  init(_ titles: String...) { self.titles = titles }

  mutating func add(_ cells: String...) { rows.append(cells.map(\.printable)) }

  /// Without trailing spaces; a lone title line where there are no rows.
  var lines: [String] {
    let all = [titles] + rows
    let widths = titles.indices.map { column in
      all.map { $0[column].count }.max() ?? 0
    }
    return all.map { row in
      let line = row.indices.map { row[$0].padded(widths[$0]) }.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
