import System5Core
import System5Wire

/// Times as people and their tables write them.
enum EmitTime {
  /// RFC 3339, or with a space for the `T`, or only a date; UTC unless an offset is given.
  static func parse(_ text: String) -> Timestamp? {
    var bytes = Array(text.utf8)
    if bytes.count == 10 { bytes += Array("T00:00:00Z".utf8) }
    guard bytes.count > 10 else { return nil }
    if bytes[10] == UInt8(ascii: " ") { bytes[10] = UInt8(ascii: "T") }
    let offsetMarks = Array("Zz+-".utf8)
    if !bytes[11...].contains(where: offsetMarks.contains) { bytes.append(UInt8(ascii: "Z")) }
    return RFC3339.timestamp(of: bytes)
  }
}
