import Foundation

/// What others may call this machine.
enum HostName {
  /// `host:port` under which a server that listens on `host` is reached.
  static func advertised(_ host: String, _ port: Int) -> String {
    let name = ["0.0.0.0", "::"].contains(host) ? ProcessInfo.processInfo.hostName : host
    return name.contains(":") ? "[\(name)]:\(port)" : "\(name):\(port)"
  }
}
