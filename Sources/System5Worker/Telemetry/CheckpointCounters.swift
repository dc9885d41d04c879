import Metrics

/// What is told of the checkpoints of one input topic.
final class CheckpointCounters {
  private let duration: Timer
  private let bytes, failures: Counter

  init(_ topic: String, factory: any MetricsFactory) {
    duration = WorkerMetric.checkpointDuration.timer(topic, factory: factory)
    bytes = WorkerMetric.checkpointBytes.counter(topic, factory: factory)
    failures = WorkerMetric.checkpointFailures.counter(topic, factory: factory)
  }

  func wrote(_ size: Int64, in time: Duration) {
    duration.record(duration: time)
    bytes.increment(by: size)
  }

  func failed() { failures.increment() }
}
