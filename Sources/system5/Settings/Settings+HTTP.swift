import Foundation
import System5Admin
import System5Worker

extension Settings {
  /// What the HTTP server is to do; nil where it is off.
  func adminConfiguration(
    _ worker: WorkerConfiguration
  ) throws(CommandFailure) -> AdminConfiguration? {
    guard let address = HTTPAddress(string("http.bind")) else { return nil }
    var configuration = AdminConfiguration(host: address.host, port: address.port)
    configuration.advertised = self["http.advertise"].flatMap { $0.isEmpty ? nil : $0 }
    configuration.token = try bearerToken()
    configuration.open = Set(list("http.open").filter { $0 != "none" }.map { "/\($0)" })
    configuration.hosts = list("http.hosts")
    configuration.livenessPatience = worker.longestCall
    return configuration
  }

  /// The values of a comma-separated setting.
  private func list(_ key: String) -> [String] {
    string(key).split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }

  /// The file's content without the line end that editors add.
  private func bearerToken() throws(CommandFailure) -> BearerToken? {
    guard let path = self["http.token.file"], !path.isEmpty else { return nil }
    return try TokenFile.read(path)
  }
}

/// A file that holds a token and nothing else.
enum TokenFile {
  static func read(_ path: String) throws(CommandFailure) -> BearerToken {
    guard let token = BearerToken(Array(try text(in: path).utf8)) else {
      throw CommandFailure(.configuration, "http.token.file: \(path) is empty")
    }
    return token
  }

  /// Visible ASCII, as a field of HTTP can carry it.
  static func text(in path: String) throws(CommandFailure) -> String {
    guard let data = FileManager.default.contents(atPath: path),
      let text = String(data: data, encoding: .utf8)
    else { throw CommandFailure(.configuration, "http.token.file: cannot read \(path)") }
    let token = text.hasSuffix("\n") ? String(text.dropLast()) : text
    guard token.utf8.allSatisfy({ $0 > UInt8(ascii: " ") && $0 < 0x7F }) else {
      throw CommandFailure(
        .configuration,
        "http.token.file: the token in \(path) must be visible ASCII characters on one line")
    }
    return token
  }
}
