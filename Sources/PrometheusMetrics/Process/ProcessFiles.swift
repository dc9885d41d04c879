import Foundation

/// What Linux tells of a process in files; nil where it does not.
struct ProcessFiles: Sendable {
  /// Where the files are, for tests.
  var root = "/"

  func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: root + path).map { String(decoding: $0, as: UTF8.self) }
  }

  var openDescriptors: Int? {
    try? FileManager.default.contentsOfDirectory(atPath: root + "proc/self/fd").count
  }

  /// The soft limit; nil if there is none.
  var maxDescriptors: Double? {
    text("proc/self/limits")?.split(separator: "\n")
      .first { $0.hasPrefix("Max open files") }?
      .split(separator: " ").dropFirst(3).first.flatMap { Double($0) }
  }

  /// When the machine was started, in seconds since 1970.
  var bootTime: Double? {
    text("proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }
      .flatMap { Double($0.dropFirst(6)) }
  }

  var status: ProcessStatus? { text("proc/self/stat").flatMap(ProcessStatus.init) }

  /// The least of the limits that the process's control groups set, of either version.
  var memoryLimit: Double? {
    text("proc/self/cgroup")?.split(separator: "\n").compactMap(memoryLimit(of:)).min()
  }

  /// - Parameter line: `number:controllers:path`, of version 2 without number and controllers.
  private func memoryLimit(of line: Substring) -> Double? {
    let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    let isUnified = parts[1].isEmpty
    guard isUnified || parts[1].split(separator: ",").contains("memory") else { return nil }
    let tree = isUnified ? "sys/fs/cgroup" : "sys/fs/cgroup/memory"
    let file = isUnified ? "memory.max" : "memory.limit_in_bytes"
    var folder = parts[2].split(separator: "/")[...]
    var limits: [Double] = []
    while true {
      let path = ([tree] + folder.map(String.init) + [file]).joined(separator: "/")
      if let limit = limit(text(path)) { limits.append(limit) }
      if folder.popLast() == nil { return limits.min() }
    }
  }

  /// Version 1 says "none" with a number beyond any memory.
  private func limit(_ text: String?) -> Double? {
    text.flatMap { Double($0.filter { $0 != "\n" }) }.flatMap { $0 < 0x1p60 ? $0 : nil }
  }
}

/// The line of `/proc/self/stat`: what of it is to be told.
struct ProcessStatus: Equatable {
  let cpuTicks: Double
  let startTicks: Double
  let virtualBytes: Double
  let residentPages: Double

  init?(_ line: String) {
    // The program's name comes in parentheses and may hold anything.
    guard let end = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: end)...].split(separator: " ").map { Double($0) }
    guard fields.count > 21, let user = fields[11], let system = fields[12],
      let start = fields[19], let size = fields[20], let resident = fields[21]
    else { return nil }
    (cpuTicks, startTicks) = (user + system, start)
    (virtualBytes, residentPages) = (size, resident)
  }
}
