import Foundation
import Testing

@testable import system5

/// The operations guide's table of settings, held to the settings themselves.
@Suite struct SettingsTableTests {
  private struct Row: Equatable {
    let key: String
    let standard: String
    let range: String
  }

  /// The lines of the table whose first cell is a setting: `| key | default | range | effect |`.
  private static func rows() throws -> [Row] {
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let guide = try String(
      contentsOf: root.appending(path: "deploy/OPERATIONS.md"), encoding: .utf8)
    let lines = guide.split(separator: "\n").drop { !$0.hasPrefix("| setting | default | range |") }
    return lines.dropFirst(2).prefix { $0.hasPrefix("|") }.map { line in
      let cells = line.split(separator: "|").map {
        $0.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "`", with: "")
      }
      return Row(key: cells[0], standard: cells[1], range: cells[2])
    }
  }

  @Test func everySettingIsInTheTableWithItsDefault() throws {
    let rows = try Self.rows()
    #expect(rows.map(\.key) == Setting.all.map(\.key))
    for (row, setting) in zip(rows, Setting.all) {
      #expect(row.standard == setting.standard ?? "none", "of \(setting.key)")
    }
  }

  /// What a setting says of a value that it does not take is what the table says it takes.
  @Test func theTableHasTheRanges() throws {
    for row in try Self.rows() {
      let complaint = try #require(Setting.named(row.key)).complaint("\u{1}")
      for beginning in ["a whole number from ", "one of "] {
        guard let complaint, complaint.hasPrefix(beginning) else { continue }
        #expect(row.range == complaint.dropFirst(beginning.count), "of \(row.key)")
      }
    }
  }
}
