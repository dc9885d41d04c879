import Metrics
import PrometheusMetrics
import Testing

@Suite struct CounterTests {
  private let scene = Scene()

  @Test func countsUnderANameThatEndsInTotal() {
    scene.counter("jobs").increment(by: 2)
    scene.counter("hours_total").increment()
    #expect(
      scene.lines() == [
        "# TYPE hours_total counter", "hours_total 1", "# TYPE jobs_total counter", "jobs_total 2",
      ])
  }

  @Test func whoeverAsksAgainCountsOn() {
    scene.counter("jobs_total", [("kind", "a")]).increment()
    scene.counter("jobs", [("kind", "a")]).increment()
    #expect(scene.lines("jobs_total{") == ["jobs_total{kind=\"a\"} 2"])
  }

  @Test func neverGoesDown() {
    let counter = scene.counter("jobs")
    counter.increment(by: 3)
    counter.increment(by: -2)
    let seconds = FloatingPointCounter(label: "busy_seconds", factory: scene.registry)
    seconds.increment(by: 0.5)
    seconds.increment(by: -0.25)
    seconds.increment(by: Double.nan)
    seconds.increment(by: Double.infinity)
    #expect(scene.samples("jobs_total ") == ["jobs_total 3"])
    #expect(scene.samples("busy_seconds_total ") == ["busy_seconds_total 0.5"])
  }

  @Test func wholeNumbersStayExact() {
    let counter = scene.counter("bytes")
    counter.increment(by: Int64(1) << 53)
    counter.increment()
    #expect(scene.samples("bytes_total ") == ["bytes_total 9007199254740993"])
  }

  @Test func beginsAnewBeyondWhatItCanHold() {
    let counter = scene.counter("bytes")
    for _ in 0..<3 { counter.increment(by: Int64.max) }
    #expect(scene.samples("bytes_total ") == ["bytes_total 9223372036854775805"])
  }

  @Test func wholeNumbersAndFractionsAddUp() {
    scene.counter("work").increment(by: 2)
    FloatingPointCounter(label: "work", factory: scene.registry).increment(by: 0.25)
    #expect(scene.samples("work_total ") == ["work_total 2.25"])
  }

  @Test func aResetBeginsAtZeroAndAtItsTime() {
    let clock = ManualClock()
    let registry = Registry { clock.time }
    let counter = Counter(label: "jobs", factory: registry)
    counter.increment()
    clock.time = 20
    counter.reset()
    let lines = registry.page(accept: Scene.openMetrics).body.split(separator: "\n")
    #expect(lines.contains("jobs_total 0"))
    #expect(lines.contains("jobs_created 20"))
  }
}

@Suite struct GaugeTests {
  private let scene = Scene()

  @Test func holdsWhatItWasLastGiven() {
    let gauge = scene.gauge("depth")
    gauge.record(7)
    gauge.record(-1.5)
    #expect(scene.lines() == ["# TYPE depth gauge", "depth -1.5"])
  }

  @Test func metersGoUpAndDown() {
    let meter = Meter(label: "open", factory: scene.registry)
    meter.set(3)
    meter.increment(by: 2.5)
    meter.decrement()
    #expect(scene.samples("open ") == ["open 4.5"])
  }

  @Test(arguments: [
    (Double.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (-0.0, "0"), (1e21, "1e+21"),
    (0.1, "0.1"), (.leastNonzeroMagnitude, "5e-324"), (1_700_000_000, "1700000000"),
  ])
  func writesNumbersAsReadersTakeThem(value: Double, text: String) {
    scene.gauge("depth").record(value)
    #expect(scene.samples("depth ") == ["depth \(text)"])
  }
}
