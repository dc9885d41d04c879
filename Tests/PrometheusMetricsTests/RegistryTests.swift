import Metrics
import Testing

@testable import PrometheusMetrics

@Suite struct RegistryTests {
  private let scene = Scene()

  // MARK: Life of a series

  @Test func aDestroyedSeriesIsGoneAndItsFamilyWithTheLast() {
    let (first, second) = (scene.gauge("lag", [("p", "1")]), scene.gauge("lag", [("p", "2")]))
    first.destroy()
    #expect(scene.lines("lag{") == ["lag{p=\"2\"} 0"])
    second.destroy()
    #expect(scene.lines().isEmpty)
  }

  @Test func everyKindCanBeDestroyed() {
    scene.counter("a").destroy()
    FloatingPointCounter(label: "b", factory: scene.registry).destroy()
    Meter(label: "c", factory: scene.registry).destroy()
    scene.recorder("d").destroy()
    scene.timer("e").destroy()
    #expect(scene.lines().isEmpty)
  }

  /// One pipeline hands a partition to another of its process.
  @Test func aSeriesStaysWhileAnyoneHoldsIt() {
    let (old, new) = (scene.gauge("lag"), scene.gauge("lag"))
    new.record(5)
    old.destroy()
    #expect(scene.samples("lag ") == ["lag 5"])
    new.destroy()
    #expect(scene.lines().isEmpty)
  }

  @Test func aHandleThatOutlivesItsSeriesDoesNotDisturbTheNext() {
    let old = scene.gauge("lag")
    old.destroy()
    scene.gauge("lag").record(1)
    old.record(7)
    old.destroy()
    #expect(scene.samples("lag ") == ["lag 1"])
  }

  @Test func aFreedNameMayBecomeAnotherKind() {
    scene.counter("jobs").destroy()
    scene.gauge("jobs").record(1)
    #expect(scene.lines() == ["# TYPE jobs gauge", "jobs 1"])
  }

  // MARK: Refusals

  @Test func anotherKindOfTheSameNameIsRefusedAndStillWorks() {
    scene.counter("jobs").increment()
    let gauge = scene.gauge("jobs")
    gauge.record(4)
    gauge.destroy()
    scene.timer("jobs").recordSeconds(1)
    #expect(scene.lines() == ["# TYPE jobs_total counter", "jobs_total 1"])
    #expect(scene.refused("name-conflict") == "2")
  }

  @Test(arguments: [
    ("x_bucket", false), ("x_sum", false), ("x_count", true), ("x_created", false), ("x", true),
  ])
  func aNameThatAnotherFamilysSamplesHaveIsRefused(name: String, isCounter: Bool) {
    scene.recorder("x").record(1)
    let lines = scene.lines()
    if isCounter { scene.counter(name).increment() } else { scene.gauge(name).record(1) }
    #expect(scene.lines() == lines)
    #expect(scene.refused("name-conflict") == "1")
  }

  @Test func whatIsDescribedAsAnotherKindIsRefused() {
    let scene = Scene([MetricDescription(.gauge, "depth", help: "")])
    scene.recorder("depth").record(1)
    #expect(scene.lines().isEmpty)
    #expect(scene.refused("name-conflict") == "1")
  }

  @Test func oneSeriesTooManyIsCountedAndTheOthersGoOn() {
    let all = (0..<7).map { scene.counter("jobs", [("id", "\($0)")]) }
    for counter in all { counter.increment() }
    #expect(scene.lines("jobs_total{").count == 5)
    #expect(scene.refused("series-limit") == "2")
    scene.counter("jobs", [("id", "3")]).increment()
    #expect(scene.lines("id=\"3\"") == ["jobs_total{id=\"3\"} 2"])
    all[6].destroy()
    all[0].destroy()
    scene.counter("jobs", [("id", "new")]).increment()
    #expect(scene.lines("id=\"new\"").count == 1)
    #expect(scene.refused("series-limit") == "2")
  }

  @Test func oneFamilyTooManyIsCounted() {
    let scene = Scene(families: 3)
    for name in ["a", "b", "c"] { scene.gauge(name).record(1) }
    #expect(scene.lines().count == 4)
    #expect(scene.refused("family-limit") == "1")
  }

  // MARK: Collectors

  @Test func collectorsAreAskedForEachPage() {
    let calls = Counted()
    let scene = Scene([MetricDescription(.counter, "spent_total", help: "Spent.")])
    scene.registry.addCollector {
      [
        Registry.Reading("spent_total", value: 1.5),
        Registry.Reading("calls", [("by", "me")], value: Double(calls.next())),
      ]
    }
    #expect(scene.lines("calls{") == ["calls{by=\"me\"} 1"])
    #expect(scene.lines("calls{") == ["calls{by=\"me\"} 2"])
    #expect(scene.samples("spent_total ") == ["spent_total 1.5"])
  }

  /// Said anew with each page, it would look as if counting had begun anew.
  @Test func sinceWhenACollectorCountsIsNotKnown() {
    let scene = Scene([MetricDescription(.counter, "spent_total", help: "Spent.")])
    scene.registry.addCollector { [Registry.Reading("spent_total", value: 1)] }
    #expect(scene.openMetricsLines("spent_").suffix(1) == ["spent_total 1"])
  }

  @Test func aCollectorsConflictIsCountedToo() {
    scene.counter("jobs").increment()
    scene.registry.addCollector { [Registry.Reading("jobs", value: 1)] }
    #expect(scene.samples("jobs_total ") == ["jobs_total 1"])
    #expect(scene.refused("name-conflict") != "0")
  }
}
