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
