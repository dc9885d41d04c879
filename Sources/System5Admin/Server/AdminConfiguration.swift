/// How the server is reached, and by whom.
public struct AdminConfiguration: Sendable {
  /// The host to listen on.
  public var host: String
  /// 0: one that is free.
  public var port: Int
  /// `host:port` under which other workers of the group reach this one; nil: where it listens.
  public var advertised: String?
  /// What requests must bring; nil: nothing.
  public var token: BearerToken?
  /// The paths that need no token.
  public var open: Set<String> = ["/livez", "/readyz", "/metrics"]
  /// Further names that the server goes by.
  public var hosts: [String] = []
  /// How long a loop may take for one turn before the worker counts as stuck.
  public var livenessPatience: Duration = .seconds(30)
  public var limits = AdminLimits()

  public init(host: String = "127.0.0.1", port: Int = 8085) {
    self.host = host
    self.port = port
  }
}

/// Why the server cannot serve.
public enum AdminError: Error, Sendable, Equatable, CustomStringConvertible {
  /// One sentence's end.
  case cannotListen(address: String, reason: String)

  public var description: String {
    switch self {
    case .cannotListen(let address, let reason): "cannot listen on \(address): \(reason)"
    }
  }
}
