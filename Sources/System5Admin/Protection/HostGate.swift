import HTTPTypes
import System5Core

/// Turns away requests that were meant for another host: a page from elsewhere whose name was made
/// to lead here (DNS rebinding) still sends that name.
struct HostGate: Sendable {
  private let names: Set<String>
  /// Whether any address will do: a server that listens on all of them does not know them, and no
  /// name can be made to lead to an address that is written out.
  private let acceptsAddresses: Bool

  /// - Parameters:
  ///   - bound: the host that the server listens on.
  ///   - others: further names it goes by.
  init(bound: String, others: [String]) {
    let own = ["localhost", "127.0.0.1", "::1", bound] + others
    names = Set(own.map { HostGate.normal($0) })
    acceptsAddresses = ["0.0.0.0", "::", "*"].contains(HostGate.normal(bound))
  }

  func check(_ request: HTTPRequest) throws(Problem) {
    guard let authority = request.authority, !authority.isEmpty else {
      throw Problem(.badHost, "The Host field is missing.")
    }
    // The first one became the authority; a second would be somebody's trick.
    guard let host = HostGate.host(of: authority), request.headerFields[values: .host].isEmpty
    else { throw Problem(.badHost, "The Host field is not one host with or without a port.") }
    guard accepts(host) else {
      throw Problem(
        .misdirected, "Requests for that host are not answered; the setting http.hosts adds names.")
    }
  }

  private func accepts(_ host: String) -> Bool {
    names.contains(host) || host.hasSuffix(".localhost")
      || acceptsAddresses && HostGate.isAddress(host)
  }

  /// The host of `host:port` in its normal form; nil for what is neither.
  static func host(of authority: String) -> String? {
    var host = Substring(authority)
    if host.hasPrefix("[") {
      guard let end = host.firstIndex(of: "]") else { return nil }
      let rest = host[host.index(after: end)...]
      guard rest.isEmpty || isPort(rest) else { return nil }
      host = host[...end]
    } else if let colon = host.firstIndex(of: ":") {
      guard isPort(host[colon...]) else { return nil }
      host = host[..<colon]
    }
    return host.isEmpty ? nil : normal(String(host))
  }

  private static func isPort(_ text: Substring) -> Bool {
    text.first == ":" && (text.count == 1 || UInt16(text.dropFirst()) != nil)
  }

  private static func normal(_ host: String) -> String {
    var name = host.lowercased()[...]
    if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
    if name.hasSuffix(".") { name = name.dropLast() }
    return String(name)
  }

  /// IPv6 in short, or IPv4 in four numbers.
  private static func isAddress(_ host: String) -> Bool {
    if host.contains(":") { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
  }
}

extension HTTPField.Name {
  static var host: HTTPField.Name { HTTPField.Name("Host") ?? .server }
}
