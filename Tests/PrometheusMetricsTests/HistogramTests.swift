import Metrics
import PrometheusMetrics
import Testing

@Suite struct HistogramTests {
  private let scene = Scene([
    MetricDescription(
      .histogram, "size_bytes", help: "Sizes.", unit: "bytes", buckets: [100, 1, 10, .nan, -1, 10])
  ])

  @Test func bucketsAreCumulativeAndEndWithoutEnd() {
    let sizes = scene.recorder("size_bytes")
    for size in [0.5, 1, 2, 99, 1000] { sizes.record(size) }
    #expect(
      scene.lines() == [
        "# HELP size_bytes Sizes.", "# TYPE size_bytes histogram",
        "size_bytes_bucket{le=\"1.0\"} 2", "size_bytes_bucket{le=\"10.0\"} 3",
        "size_bytes_bucket{le=\"100.0\"} 4", "size_bytes_bucket{le=\"+Inf\"} 5",
        "size_bytes_sum 1102.5", "size_bytes_count 5",
      ])
  }

  @Test func whatCannotBeIsZeroOrNothing() {
    let sizes = scene.recorder("size_bytes")
    sizes.record(-5)
    sizes.record(Double.nan)
    sizes.record(Double.infinity)
    #expect(scene.lines("sum") == ["size_bytes_sum 0"])
    #expect(scene.lines("count") == ["size_bytes_count 1"])
  }

  @Test func timersAreInSecondsWhateverIsPreferred() {
    Timer(label: "wait_seconds", preferredDisplayUnit: .milliseconds, factory: scene.registry)
      .record(duration: .milliseconds(1500))
    #expect(scene.lines("sum") == ["wait_seconds_sum 1.5"])
    #expect(scene.lines("wait_seconds_bucket").count == Registry.defaultBuckets.count + 1)
    #expect(scene.lines("le=\"1.0\"") == ["wait_seconds_bucket{le=\"1.0\"} 0"])
    #expect(scene.lines("le=\"2.5\"") == ["wait_seconds_bucket{le=\"2.5\"} 1"])
  }

  @Test func aLabelOfTheBucketsOwnNameIsMovedAside() {
    scene.recorder("size_bytes", [("le", "x")]).record(1)
    #expect(scene.lines("count") == ["size_bytes_count{exported_le=\"x\"} 1"])
  }
}
