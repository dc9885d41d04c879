import CDashboard
import System5Admin

/// The dashboard's files, which lie in the binary.
enum Dashboard {
  @Sendable static func file(at path: String) -> PageFile? {
    let found = path.utf8.withContiguousStorageIfAvailable { bytes in
      bytes.withMemoryRebound(to: CChar.self) { s5_dashboard_find($0.baseAddress, $0.count) }
    }
    guard let file = found ?? nil, let bytes = file.pointee.bytes else { return nil }
    return PageFile(
      bytes: Array(UnsafeBufferPointer(start: bytes, count: file.pointee.length)),
      contentType: String(cString: file.pointee.content_type),
      hash: String(cString: file.pointee.hash))
  }
}
