import Dispatch
import Metrics
import PrometheusMetrics
import Synchronization
import Testing

@Suite struct ConcurrencyTests {
  @Test func nothingIsLostWhileManyCountAndPagesAreMade() {
    let scene = Scene(series: 1_000)
    let (threads, rounds) = (8, 2_000)
    DispatchQueue.concurrentPerform(iterations: threads + 2) { thread in
      if thread >= threads {
        for _ in 0..<50 { #expect(!scene.openMetricsLines().isEmpty) }
        return
      }
      let counter = scene.counter("jobs")
      let seconds = FloatingPointCounter(label: "busy", factory: scene.registry)
      let meter = Meter(label: "open", factory: scene.registry)
      let timer = scene.timer("wait_seconds")
      for _ in 0..<rounds {
        counter.increment()
        seconds.increment(by: 0.5)
        meter.increment()
        timer.recordNanoseconds(1_000_000_000)
      }
    }
    let total = threads * rounds
    #expect(scene.samples("jobs_total ") == ["jobs_total \(total)"])
    #expect(scene.samples("busy_total ") == ["busy_total \(total / 2)"])
    #expect(scene.samples("open ") == ["open \(total)"])
    #expect(scene.lines("wait_seconds_sum") == ["wait_seconds_sum \(total)"])
    #expect(scene.lines("wait_seconds_count") == ["wait_seconds_count \(total)"])
  }

  @Test func seriesComeAndGoFromManyThreads() {
    let scene = Scene(series: 1_000)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for round in 0..<300 {
        let gauge = scene.gauge("lag", [("p", "\(round % 7)")])
        gauge.record(thread)
        gauge.destroy()
        if round % 50 == 0 { _ = scene.registry.page() }
      }
    }
    #expect(scene.lines().isEmpty)
  }

  /// A page must not show an observation in one place and not in the other.
  @Test func aHistogramsCountAndSumAreOfOneMoment() {
    let scene = Scene()
    let timer = scene.timer("wait_seconds")
    let isDone = Atomic<Bool>(false)
    DispatchQueue.concurrentPerform(iterations: 2) { thread in
      if thread == 0 {
        for _ in 0..<20_000 { timer.recordNanoseconds(1_000_000_000) }
        isDone.store(true, ordering: .releasing)
      } else {
        while !isDone.load(ordering: .acquiring) {
          let lines = scene.lines("wait_seconds_")
          let sum = lines.first { $0.contains("_sum") }?.split(separator: " ").last
          let count = lines.first { $0.contains("_count") }?.split(separator: " ").last
          #expect(sum == count)
        }
      }
    }
  }
}

/// A clock that is set by hand.
final class ManualClock: Sendable {
  private let seconds = Mutex(10.0)

  var time: Double {
    get { seconds.withLock { $0 } }
    set { seconds.withLock { $0 = newValue } }
  }
}

/// 1, 2, 3…
final class Counted: Sendable {
  private let count = Atomic<Int>(0)

  func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
