import Metrics
import Testing

@testable import PrometheusMetrics

@Suite struct PageTests {
  private let scene = Scene([
    MetricDescription(
      .counter, "wait_seconds_total", help: "Waited for \"it\",\nin C:\\.", unit: "seconds"),
    MetricDescription(.gauge, "depth", help: "Depth.", unit: "bytes"),
    MetricDescription(.info, "build_info", help: "What this is."),
    MetricDescription(
      .histogram, "size_bytes", help: "Sizes.", unit: "bytes", buckets: [0.5, 1e7]),
  ])

  private func record() {
    scene.counter("wait_seconds_total", [("to", "b")]).increment(by: 3)
    scene.counter("wait_seconds_total", [("to", "a\\\"\n")]).increment()
    scene.gauge("depth").record(2)
    scene.gauge("build_info", [("version", "1.0")]).record(1)
    scene.recorder("size_bytes").record(4)
  }

  @Test func theTextFormat() {
    record()
    #expect(
      scene.lines() == [
        "# HELP build_info What this is.", "# TYPE build_info gauge",
        "build_info{version=\"1.0\"} 1",
        "# HELP depth Depth.", "# TYPE depth gauge", "depth 2",
        "# HELP size_bytes Sizes.", "# TYPE size_bytes histogram",
        "size_bytes_bucket{le=\"0.5\"} 0", "size_bytes_bucket{le=\"10000000.0\"} 1",
        "size_bytes_bucket{le=\"+Inf\"} 1", "size_bytes_sum 4", "size_bytes_count 1",
        "# HELP wait_seconds_total Waited for \"it\",\\nin C:\\\\.",
        "# TYPE wait_seconds_total counter", "wait_seconds_total{to=\"a\\\\\\\"\\n\"} 1",
        "wait_seconds_total{to=\"b\"} 3",
      ])
    #expect(scene.registry.page().contentType == "text/plain; version=0.0.4; charset=utf-8")
    #expect(scene.registry.page().body.hasSuffix("3\n"))
  }

  @Test func openMetrics() {
    record()
    let created = "1700000000.25"
    #expect(
      scene.openMetricsLines() == [
        "# TYPE build info", "# HELP build What this is.", "build_info{version=\"1.0\"} 1",
        // A unit that the name does not end with would be an error.
        "# TYPE depth gauge", "# HELP depth Depth.", "depth 2",
        "# TYPE size_bytes histogram", "# UNIT size_bytes bytes", "# HELP size_bytes Sizes.",
        "size_bytes_bucket{le=\"0.5\"} 0", "size_bytes_bucket{le=\"10000000.0\"} 1",
        "size_bytes_bucket{le=\"+Inf\"} 1", "size_bytes_sum 4", "size_bytes_count 1",
        "size_bytes_created \(created)",
        "# TYPE wait_seconds counter", "# UNIT wait_seconds seconds",
        "# HELP wait_seconds Waited for \\\"it\\\",\\nin C:\\\\.",
        "wait_seconds_total{to=\"a\\\\\\\"\\n\"} 1",
        "wait_seconds_created{to=\"a\\\\\\\"\\n\"} \(created)", "wait_seconds_total{to=\"b\"} 3",
        "wait_seconds_created{to=\"b\"} \(created)",
        "# EOF",
      ])
    let page = scene.registry.page(accept: Scene.openMetrics)
    #expect(page.contentType == "application/openmetrics-text; version=1.0.0; charset=utf-8")
    #expect(page.body.hasSuffix("\n# EOF\n"))
  }

  @Test func theOrderOfMakingLeavesNoTrace() {
    func page(_ names: [String]) -> Page {
      let scene = Scene()
      for name in names {
        for label in names { scene.gauge(name, [("x", label), ("a", name)]).record(1) }
      }
      return scene.registry.page()
    }
    let names = ["c", "a", "d", "b"]
    #expect(page(names) == page(names.reversed()))
    #expect(page(names) == page(names.sorted()))
  }

  @Test func anEmptyRegistryStillSaysWhereItEnds() {
    #expect(Scene().openMetricsLines() == ["# EOF"])
    #expect(Scene().lines().isEmpty)
  }

  @Test(arguments: [
    (nil, Format.text), ("", .text), ("*/*", .text), ("text/html", .text), ("text/plain", .text),
    ("application/openmetrics-text", .openMetrics),
    ("Application/OpenMetrics-Text; Version=1.0.0", .openMetrics),
    ("application/openmetrics-text;version=2.0.0", .text),
    // What Prometheus sends.
    (
      "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .openMetrics
    ),
    ("text/plain;version=0.0.4;q=0.5, application/openmetrics-text; q=0.4", .text),
    ("text/plain;q=0.5,application/openmetrics-text;q=0.6", .openMetrics),
    ("application/openmetrics-text;q=0", .text),
    ("application/openmetrics-text;q=nonsense", .text), (";;,=,;q=", .text),
  ])
  func theReaderChoosesTheFormat(accept: String?, format: Format) {
    #expect(Format.negotiated(accept) == format)
  }
}
