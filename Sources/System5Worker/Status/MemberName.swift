/// How a member of the group tells the others where it serves HTTP: of all that a consumer can set,
/// only its `client.id` is shown to those who ask for the group's members.
public enum MemberName {
  /// - Parameter address: `host:port`.
  static func id(_ name: String, at address: String) -> String { "\(name)@\(address)" }

  /// The address in a member's `client.id`; nil if it has none.
  public static func address(in clientID: String) -> String? {
    guard let mark = clientID.lastIndex(of: "@") else { return nil }
    let address = String(clientID[clientID.index(after: mark)...])
    return isAddress(address) ? address : nil
  }

  /// Whether it is `host:port`: a name, an IPv4 address or a bracketed IPv6 address, and a port.
  public static func isAddress(_ text: String) -> Bool {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
      port > 0
    else { return false }
    return isHost(text[..<colon])
  }

  private static func isHost(_ host: Substring) -> Bool {
    if host.hasPrefix("["), host.hasSuffix("]") {
      let inner = host.dropFirst().dropLast()
      return inner.contains(":")
        && inner.utf8.allSatisfy { $0 == UInt8(ascii: ":") || $0.isHexDigit }
    }
    return !host.isEmpty && host.utf8.count <= 253
      && host.utf8.allSatisfy { $0.isNameByte || $0 == UInt8(ascii: ".") }
  }
}

extension UInt8 {
  fileprivate var isHexDigit: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  fileprivate var isNameByte: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
