import Foundation

/// The built `system5`, run as a user would.
struct Program {
  /// `deploy/test.sh` sets it; without a broker the suite is skipped.
  static let brokers = ProcessInfo.processInfo.environment["SYSTEM5_TEST_BROKERS"]

  static let executable =
    ProcessInfo.processInfo.environment["SYSTEM5_RELEASE_BIN"]
    ?? ProcessInfo.processInfo.environment["SYSTEM5_BIN"] ?? ".build/debug/system5"

  struct Finished {
    let status: Int32
    let output: Data
    let errors: String

    var lines: [Data] { output.split(separator: UInt8(ascii: "\n")).map { Data($0) } }
  }

  /// Runs to the end. Output and errors go through files, so that neither can fill a pipe.
  static func run(
    _ arguments: [String], executable: String = executable
  ) throws -> Finished {
    let folder = try Folder()
    defer { folder.remove() }
    let process = try start(arguments, in: folder, executable: executable)
    process.waitUntilExit()
    return Finished(
      status: process.terminationStatus, output: try folder.read("out"),
      errors: String(decoding: try folder.read("err"), as: UTF8.self))
  }

  /// Another program of the package, where the debug build puts it.
  static func sibling(_ name: String) -> String {
    let debug = ProcessInfo.processInfo.environment["SYSTEM5_BIN"] ?? ".build/debug/system5"
    return URL(fileURLWithPath: debug).deletingLastPathComponent().appendingPathComponent(name).path
  }

  /// - Parameters:
  ///   - output: the file in the folder that standard output is appended to.
  ///   - log: the same for standard error.
  ///   - executable: `system5` unless given.
  ///   - environment: variables beside those of the tests.
  static func start(
    _ arguments: [String], in folder: Folder, output: String = "out", log: String = "err",
    executable: String = executable, environment: [String: String] = [:]
  ) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = try folder.handle(output)
    process.standardError = try folder.handle(log)
    try process.run()
    return process
  }
}

/// A temporary folder of one test.
struct Folder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "system5-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  func write(_ lines: [String], to name: String) throws -> String {
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(
      to: url.appendingPathComponent(name))
    return path(name)
  }

  func read(_ name: String) throws -> Data {
    try Data(contentsOf: url.appendingPathComponent(name))
  }

  func handle(_ name: String) throws -> FileHandle {
    let file = url.appendingPathComponent(name)
    if !FileManager.default.fileExists(atPath: file.path) { try Data().write(to: file) }
    // Several processes may write to one file, so each write must find the end by itself.
    let descriptor = open(file.path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// `SYSTEM5_TEST_KEEP` leaves it, for who wants to look at what a test has written.
  func remove() {
    if ProcessInfo.processInfo.environment["SYSTEM5_TEST_KEEP"] != nil { return }
    try? FileManager.default.removeItem(at: url)
  }
}

/// Polls a condition until it holds or the deadline passes.
func wait(seconds: Double, _ what: String, until condition: () throws -> Bool) throws {
  let deadline = Date(timeIntervalSinceNow: seconds)
  while try !condition() {
    guard Date() < deadline else { throw TimedOut(what: what) }
    usleep(20_000)
  }
}

struct TimedOut: Error { let what: String }
