import Foundation

/// What the process holds of physical memory.
func residentMegabytes() throws -> Int {
  let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    .split(separator: " ")
  let pages = fields.count > 1 ? Int(fields[1]) ?? 0 : 0
  return pages * Int(getpagesize()) / 1_000_000
}
