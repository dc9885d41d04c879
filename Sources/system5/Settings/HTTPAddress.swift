/// A host and a port, as `host:port` or `[address]:port`.
struct HTTPAddress: Equatable {
  let host: String
  let port: Int

  /// nil for what is neither.
  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...])
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    let isName = host.utf8.allSatisfy { $0 > UInt8(ascii: " ") && $0 < 0x7F }
    guard !host.isEmpty, isName, !host.contains("/"), !host.contains("@") else { return nil }
    self.host = String(host)
    self.port = Int(port)
  }
}
