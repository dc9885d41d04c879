import Kafka
import Metrics
import System5Wire

/// What is told of one partition while it is worked on.
final class PartitionMetrics {
  /// Where its state came from.
  enum Source: String { case checkpoint, log, nothing }

  private let lagRecords, lagSeconds, restoreRemaining, systems: Gauge
  private let checkpointAge, checkpointBehind, checkpointSize: Gauge
  private let restoreDuration: Timer
  private let assignedAt: ContinuousClock.Instant
  private var checkpointPosition: Int64
  private var checkpointedAt: ContinuousClock.Instant

  /// - Parameter assignedAt: when the group gave it to us.
  init(
    _ partition: TopicPartition, plan: StartPlan, position: Int64,
    assignedAt: ContinuousClock.Instant, at now: ContinuousClock.Instant,
    factory: any MetricsFactory
  ) {
    func gauge(_ metric: WorkerMetric) -> Gauge {
      metric.gauge(partition.topic, "\(partition.partition)", factory: factory)
    }
    lagRecords = gauge(.lagRecords)
    lagSeconds = gauge(.lagSeconds)
    restoreRemaining = gauge(.restoreRemaining)
    systems = gauge(.storeSystems)
    checkpointAge = gauge(.checkpointAge)
    checkpointBehind = gauge(.checkpointBehind)
    checkpointSize = gauge(.checkpointSize)
    restoreDuration = WorkerMetric.restoreDuration.timer(plan.source.rawValue, factory: factory)
    self.assignedAt = assignedAt
    (checkpointPosition, checkpointedAt) = (position, now)
    if case .shelved(let shelved, _) = plan { checkpointSize.record(shelved.bytes) }
  }

  /// - Parameters:
  ///   - end: the log's, as far as it is known.
  ///   - time: the time of day, in milliseconds since 1970.
  func observe(
    _ task: ShardTask, end: Int64?, at now: ContinuousClock.Instant, time: Int64
  ) {
    let progress = task.progress
    systems.record(task.state.systemCount)
    restoreRemaining.record(max(0, progress.publishFrom - progress.position))
    if let end {
      let lag = max(0, end - progress.position)
      lagRecords.record(lag)
      lagSeconds.record(lag > 0 ? age(of: task, at: now, time: time) : 0)
    }
    let behind = max(0, progress.snapshotOffset - checkpointPosition)
    checkpointBehind.record(behind)
    checkpointAge.record(behind > 0 ? (now - checkpointedAt) / .seconds(1) : 0)
  }

  /// Before the first record: since when there was one to be had, as far as we know.
  private func age(of task: ShardTask, at now: ContinuousClock.Instant, time: Int64) -> Double {
    guard let newest = task.newestRecord else { return (now - assignedAt) / .seconds(1) }
    return max(0, newest.age(at: time))
  }

  func caughtUp() {
    lagRecords.record(0)
    lagSeconds.record(0)
  }

  func isLive(at now: ContinuousClock.Instant) {
    restoreRemaining.record(0)
    restoreDuration.record(duration: now - assignedAt)
  }

  /// - Parameter time: when its state was taken.
  func checkpointed(at position: Int64, bytes: Int64, time: ContinuousClock.Instant) {
    (checkpointPosition, checkpointedAt) = (position, time)
    checkpointSize.record(bytes)
  }

  /// A partition that is another's now must not be told of here.
  func destroy() {
    for gauge in [
      lagRecords, lagSeconds, restoreRemaining, systems, checkpointAge, checkpointBehind,
      checkpointSize,
    ] {
      gauge.destroy()
    }
  }
}

extension StartPlan {
  fileprivate var source: PartitionMetrics.Source {
    switch self {
    case .shelved: .checkpoint
    case .restore: .log
    case .fresh, .startOver, .impossible: .nothing
    }
  }
}
