import Foundation
import Metrics
import Testing

@testable import PrometheusMetrics

/// Pages go through the parsers of Prometheus's own Python client, which deploy/local/setup.sh
/// installs.
@Suite struct ParserTests {
  private let scene = Scene(
    [
      MetricDescription(
        .counter, "wait_seconds_total", help: "Waited \"long\",\nin C:\\.", unit: "seconds"),
      MetricDescription(.info, "build_info", help: "What this is."),
      MetricDescription(.gauge, "depth_bytes", help: "", unit: "bytes"),
    ], series: 100, families: 100)

  @Test func bothFormatsAreTakenAndSayTheSame() throws {
    for value in ["plain", "a\\b", "a\"b", "a\nb", "a\\nb", "ünï\u{1F600}", "{},=# "] {
      scene.counter("wait_seconds_total", [("to", value)]).increment(by: 2)
    }
    FloatingPointCounter(label: "busy", factory: scene.registry).increment(by: 0.125)
    scene.gauge("build_info", [("version", "1")]).record(1)
    for (index, value) in [Double.infinity, -.infinity, 1e300, -0.5, 1e-9].enumerated() {
      scene.gauge("depth_bytes", [("no", "\(index)")]).record(value)
    }
    scene.recorder("sizes").record(3)
    scene.recorder("sizes", [("le", "x"), ("__a", "b"), ("", "c")]).record(1)
    scene.timer("http.server/duration").recordSeconds(2)
    scene.gauge("0day:\u{7}").record(1)
    scene.counter("wait_seconds_created").increment()
    scene.gauge("sizes_count").record(1)
    ProcessMetrics.collect(in: scene.registry)

    let page = try ParsedPage(scene.registry)
    #expect(page.kinds["wait_seconds"] == "counter")
    #expect(page.kinds["build"] == "info")
    #expect(page.kinds["depth_bytes"] == "gauge")
    #expect(page.kinds["sizes"] == "histogram")
    #expect(page.kinds["_0day:_"] == "gauge")
    #expect(page.units["wait_seconds"] == "seconds")
    #expect(page.helps["wait_seconds"] == "Waited \"long\",\nin C:\\.")
    #expect(page.value("wait_seconds_total", ["to": "a\\nb"]) == "2")
    #expect(page.value("wait_seconds_total", ["to": "a\nb"]) == "2")
    #expect(page.value("wait_seconds_total", ["to": "ünï\u{1F600}"]) == "2")
    #expect(page.value("busy_total", [:]) == "0.125")
    #expect(page.value("depth_bytes", ["no": "0"]) == "inf")
    #expect(page.value("depth_bytes", ["no": "2"]) == "1e+300")
    #expect(page.value("http_server_duration_sum", [:]) == "2")
    #expect(page.value("sizes_bucket", ["le": "5.0"]) == "1")
    #expect(page.value("refused_total", ["reason": "name-conflict"]) == "2")
  }

  @Test func theParsersRefuseWhatIsWrong() throws {
    let text = "# TYPE a counter\na_total 1\n"
    #expect(throws: (any Error).self) { try ParsedPage(text: text, openMetrics: text) }
    #expect(throws: (any Error).self) {
      try ParsedPage(text: text, openMetrics: "# TYPE a counter\na_total 2\n# EOF\n")
    }
    _ = try ParsedPage(text: text, openMetrics: text + "# EOF\n")
  }
}

/// What the parsers have made of a page.
private struct ParsedPage: Decodable {
  struct Family: Decodable {
    let name: String
    let kind: String
    let unit: String
    let help: String
  }

  struct Sample: Decodable {
    let name: String
    let labels: [String: String]
    let value: String
  }

  let families: [Family]
  let samples: [Sample]

  init(_ registry: Registry) throws {
    let families = registry.snapshot()
    try self.init(
      text: Page(families, in: .text).body,
      openMetrics: Page(families, in: .openMetrics).body)
  }

  init(text: String, openMetrics: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "page-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["text", "openmetrics"].map { folder.appendingPathComponent($0) }
    try Data(text.utf8).write(to: files[0])
    try Data(openMetrics.utf8).write(to: files[1])
    self = try JSONDecoder().decode(ParsedPage.self, from: try ParsedPage.parse(files))
  }

  private static func parse(_ files: [URL]) throws -> Data {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let python = root.appendingPathComponent(".local/venv/bin/python")
    try #require(
      FileManager.default.isExecutableFile(atPath: python.path), "run deploy/local/setup.sh")
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = python
    process.arguments =
      [root.appendingPathComponent("deploy/monitoring/parse_page.py").path] + files.map(\.path)
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let reason = try errors.fileHandleForReading.readToEnd() ?? Data()
      throw Refused(reason: String(decoding: reason, as: UTF8.self))
    }
    return data
  }

  struct Refused: Error { let reason: String }

  private func byFamily(_ value: KeyPath<Family, String>) -> [String: String] {
    Dictionary(uniqueKeysWithValues: families.map { ($0.name, $0[keyPath: value]) })
  }

  var kinds: [String: String] { byFamily(\.kind) }
  var units: [String: String] { byFamily(\.unit) }
  var helps: [String: String] { byFamily(\.help) }

  func value(_ name: String, _ labels: [String: String]) -> String? {
    samples.first { $0.name == name && $0.labels == labels }?.value
  }
}
