import Foundation

/// A worker in a process of its own.
struct RunningWorker {
  let process: Process
  let folder: Folder
  let logName: String

  var log: String {
    String(decoding: (try? folder.read(logName)) ?? Data(), as: UTF8.self)
  }

  /// Waits until the group has given it partitions.
  ///
  /// The local broker goes on waiting for a leader that leaves while others are joining, so workers
  /// are stopped only when the group is settled.
  func waitUntilAssigned() throws {
    try wait(seconds: 30, "partitions for \(logName): \(log)") {
      log.contains("Partition assigned") || !process.isRunning
    }
  }

  /// The partitions it works on, as its log tells.
  var owned: Set<String> {
    var owned: Set<String> = []
    for line in log.split(separator: "\n") {
      if line.contains("Partition assigned") {
        owned.insert("\(field("topic", of: line))[\(field("partition", of: line))]")
      } else if line.contains("Partitions revoked") || line.contains("Partitions lost") {
        let list = line.components(separatedBy: "partitions=").last ?? ""
        owned = owned.filter { !list.contains($0) }
      }
    }
    return owned
  }

  private func field(_ name: String, of line: Substring) -> Substring {
    line.split(separator: " ").first { $0.hasPrefix("\(name)=") }?.dropFirst(name.count + 1) ?? ""
  }

  /// SIGTERM, and the exit status.
  func stop() throws -> Int32 {
    process.terminate()
    try wait(seconds: 15, "the worker to stop") { !process.isRunning }
    return process.terminationStatus
  }

  func kill9() {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
