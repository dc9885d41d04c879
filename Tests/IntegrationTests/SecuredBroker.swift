import Foundation
import Testing

/// Certificates made for one test: an authority, and what it has signed or should not have.
struct Certificates {
  private let folder: Folder
  static let keyPassword = "canary-key-password"

  init(in folder: Folder) throws {
    self.folder = folder
    try request("ca", subject: "authority", extra: ["-x509", "-days", "2"])
    try sign("good", for: "IP:127.0.0.1")
    try sign("expired", for: "IP:127.0.0.1", days: -1)
    try sign("elsewhere", for: "DNS:elsewhere.example")
    try sign("client", for: "DNS:client")
    for name in ["self-signed", "stranger"] {
      try request(
        name, subject: name,
        extra: ["-x509", "-days", "2", "-addext", "subjectAltName=IP:127.0.0.1"])
    }
    try openssl([
      "pkcs8", "-topk8", "-v2", "aes256", "-in", key("client"), "-out", key("locked"),
      "-passout", "pass:\(Self.keyPassword)",
    ])
  }

  func certificate(_ name: String) -> String { folder.path("\(name).crt") }
  func key(_ name: String) -> String { folder.path("\(name).key") }

  private func request(_ name: String, subject: String, extra: [String]) throws {
    try openssl(
      [
        "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
        "/CN=\(subject)", "-keyout", key(name), "-out", certificate(name),
      ] + extra)
  }

  private func sign(_ name: String, for host: String, days: Int = 2) throws {
    try request(name, subject: name, extra: [])
    let names = try folder.write(["subjectAltName=\(host)"], to: "\(name).ext")
    let request = certificate(name)
    try openssl([
      "x509", "-req", "-in", request, "-out", request + ".signed", "-CA", certificate("ca"),
      "-CAkey", key("ca"), "-CAcreateserial", "-days", "\(days)", "-extfile", names,
    ])
    try FileManager.default.removeItem(atPath: request)
    try FileManager.default.moveItem(atPath: request + ".signed", toPath: request)
  }

  private func openssl(_ arguments: [String]) throws {
    let done = try Program.run(arguments, executable: "/usr/bin/openssl")
    try #require(done.status == 0, "openssl \(arguments): \(done.errors)")
  }
}

/// A broker that clients reach through `stunnel4` alone, and more of those in front of it.
final class SecuredBroker {
  let certificates: Certificates
  private let folder: Folder
  private let name = "tls-\(UUID().uuidString.prefix(8))"
  private let port: Int
  private var fronts: [Process] = []
  /// The address that the broker tells.
  private(set) var address = ""

  init(authentication: Bool = false) throws {
    folder = try Folder()
    certificates = try Certificates(in: folder)
    let advertised = try freePort()
    try LocalBroker.run(
      ["start", "--name", name, "--advertise", "\(advertised)"]
        + (authentication ? ["--authentication"] : []))
    let status = try LocalBroker.run(["env", "--name", name])
    let line = status.split(separator: "\n").first { $0.hasPrefix("export SYSTEM5_BROKERS=") }
    port = try #require(line?.split(separator: ":").last.flatMap { Int($0) })
    address = try front("good", on: advertised)
  }

  deinit {
    while !fronts.isEmpty { closeLastFront() }
    _ = try? LocalBroker.run(["stop", "--name", name])
    folder.remove()
  }

  /// A proxy with this certificate; answers where it listens.
  @discardableResult
  func front(
    _ certificate: String, on given: Int? = nil, wantsClient: Bool = false
  ) throws -> String {
    let listen = try given ?? freePort()
    var lines = [
      "foreground = yes", "pid =", "[kafka]", "accept = 127.0.0.1:\(listen)",
      "connect = 127.0.0.1:\(port)", "cert = \(certificates.certificate(certificate))",
      "key = \(certificates.key(certificate))",
    ]
    if wantsClient {
      lines += ["verifyChain = yes", "CAfile = \(certificates.certificate("ca"))"]
    }
    let log = "stunnel-\(fronts.count).log"
    let process = try Program.start(
      [try folder.write(lines, to: "stunnel-\(fronts.count).conf")], in: folder, log: log,
      executable: "/usr/bin/stunnel4")
    fronts.append(process)
    try wait(seconds: 10, "stunnel on \(listen)") {
      try String(decoding: folder.read(log), as: UTF8.self).contains("Configuration successful")
        || !process.isRunning
    }
    let said = String(decoding: try folder.read(log), as: UTF8.self)
    try #require(process.isRunning, "\(said)")
    return "127.0.0.1:\(listen)"
  }

  /// Ends the proxy that was started last, and what goes through it.
  ///
  /// It has nothing to put in order, and inherits the signals that the tests block.
  func closeLastFront() {
    let front = fronts.removeLast()
    kill(front.processIdentifier, SIGKILL)
    front.waitUntilExit()
  }
}

/// A port of 127.0.0.1 that nobody listens on at present.
func freePort() throws -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var size = socklen_t(MemoryLayout<sockaddr_in>.size)
  let result = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
    }
  }
  try #require(result)
  return Int(UInt16(bigEndian: address.sin_port))
}
