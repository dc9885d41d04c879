import Foundation
import Testing

@testable import PrometheusMetrics

@Suite struct ProcessTests {
  @Test func thisProcessIsTold() throws {
    let scene = Scene(ProcessMetrics.descriptions)
    ProcessMetrics.collect(in: scene.registry)
    let page = scene.openMetricsLines()
    // There need not be a limit of memory.
    for description in ProcessMetrics.descriptions where !description.name.contains("limit") {
      let line = try #require(page.first { $0.hasPrefix(description.name + " ") })
      let value = try #require(line.split(separator: " ").last.flatMap { Double($0) })
      #expect(value > 0)
    }
  }

  @Test func timesAreOfThisProcess() throws {
    let readings = Dictionary(
      uniqueKeysWithValues: ProcessMetrics.readings(ProcessFiles()).map { ($0.name, $0.value) })
    let started = try #require(readings["process_start_time_seconds"])
    let age = Date().timeIntervalSince1970 - started
    #expect((-2...86_400).contains(age))
    let cpu = try #require(readings["process_cpu_seconds_total"])
    #expect(cpu < (age + 2) * Double(ProcessInfo.processInfo.processorCount))
  }

  @Test func theProgramsNameMayHoldAnything() throws {
    let tail = (3...52).map { "\($0)" }.joined(separator: " ")
    let status = try #require(ProcessStatus("7 (a) b (c) S 1) \(tail)"))
    #expect(status.cpuTicks == 14 + 15)
    #expect(status.startTicks == 22)
    #expect(status.virtualBytes == 23)
    #expect(status.residentPages == 24)
  }

  @Test(arguments: ["", "7 (x) S 1 2", "7 x S", ")"])
  func aLineThatIsShortIsNone(line: String) {
    #expect(ProcessStatus(line) == nil)
  }

  /// A group's own limit counts, and those of the groups it is in.
  @Test(arguments: [("600", "900", 600.0), ("max", "900", 900), ("max", "500", 500)])
  func theLeastLimitOfAllGroupsCounts(outer: String, other: String, limit: Double) throws {
    let files = try FakeFiles([
      "proc/self/cgroup": "0::/a/b\n4:cpu,memory:/c\n3:cpuset:/\n",
      "sys/fs/cgroup/a/b/memory.max": "max\n", "sys/fs/cgroup/a/memory.max": "\(outer)\n",
      "sys/fs/cgroup/memory/c/memory.limit_in_bytes": "\(other)\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
    ])
    defer { files.remove() }
    #expect(files.files.memoryLimit == limit)
  }

  @Test func whereThereIsNoLimitThereIsNone() throws {
    let files = try FakeFiles([
      "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "max\n",
      "proc/self/limits": "Limit Soft\nMax open files            unlimited  unlimited  files\n",
    ])
    defer { files.remove() }
    #expect(files.files.memoryLimit == nil)
    #expect(files.files.maxDescriptors == nil)
  }

  @Test func whatTheSystemDoesNotTellIsLeftOut() throws {
    let files = try FakeFiles([:])
    defer { files.remove() }
    #expect(ProcessMetrics.readings(files.files).isEmpty)
  }
}

/// Files as Linux would have them.
private struct FakeFiles {
  private let folder: URL
  var files: ProcessFiles { ProcessFiles(root: folder.path + "/") }

  init(_ texts: [String: String]) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "proc-\(UUID().uuidString)")
    for (path, text) in texts {
      let file = folder.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }
}
