import Kafka
import Metrics
import System5Wire

/// What a pipeline tells of itself. Nothing is done for a record by itself: counts come with
/// commits, and what changes by itself is looked at once a second.
///
/// Confined to the pipeline's thread, as it remembers the handles it has made.
final class WorkerMetrics {
  enum Rebalance: String { case assigned, revoked, lost }

  /// What a pipeline has at one moment.
  struct Standing: Equatable {
    var isMember = false
    var loading = 0
    var restoring = 0
    var live = 0
    var queuedMessages = 0
  }

  private let factory: any MetricsFactory
  private let clock: any WorkerClock
  private var loop: LoopTime
  private let pollRecords: Recorder
  private let resultCommits, offsetCommits: CommitMetrics
  private let joined, loading, restoring, live, queue: Gauge
  private var inputs: [String: InputCounters] = [:]
  private var outputs: [String: OutputCounters] = [:]
  private var checkpoints: [String: CheckpointCounters] = [:]
  private var partitions: [TopicPartition: PartitionMetrics] = [:]
  private var causes: [String: Counter] = [:]
  private var checkpointBegan: ContinuousClock.Instant

  /// - Parameter pipeline: its number in the process.
  init(factory: any MetricsFactory, clock: any WorkerClock, pipeline: Int) {
    self.factory = factory
    self.clock = clock
    let name = "\(pipeline)"
    BuildInfo.tell(factory)
    loop = LoopTime(pipeline: pipeline, at: clock.now, factory: factory)
    checkpointBegan = clock.now
    pollRecords = WorkerMetric.pollRecords.recorder(factory: factory)
    resultCommits = CommitMetrics("results", factory: factory)
    offsetCommits = CommitMetrics("offsets", factory: factory)
    joined = WorkerMetric.joined.gauge(name, factory: factory)
    loading = WorkerMetric.partitions.gauge(name, "loading", factory: factory)
    restoring = WorkerMetric.partitions.gauge(name, "restoring", factory: factory)
    live = WorkerMetric.partitions.gauge(name, "live", factory: factory)
    queue = WorkerMetric.producerQueue.gauge(name, factory: factory)
  }

  /// Makes the counters of all topics, so that each is there before it rises.
  func expect(inputs names: [String], outputs outputNames: [String]) {
    for name in names {
      _ = input(name)
      _ = checkpoint(name)
    }
    for name in outputNames { _ = output(name) }
    for kind in [Rebalance.assigned, .revoked, .lost] { _ = rebalances(kind) }
  }

  // MARK: The loop

  /// The time until now goes to what went on, which is returned; from now it goes to `activity`.
  @discardableResult
  func enter(_ activity: LoopTime.Activity) -> LoopTime.Activity {
    loop.enter(activity, at: clock.now)
  }

  func polled(_ records: Int) { if records > 0 { pollRecords.record(records) } }

  func committed(_ commit: FinishedCommit) {
    (commit.hasResults ? resultCommits : offsetCommits)
      .add(commit, at: clock.millisecondsSinceEpoch)
  }

  func records(_ tally: ShardTask.Tally, topic: String) { input(topic).add(tally) }

  func published(_ sent: [String: Sent]) {
    for (topic, sent) in sent { output(topic).add(sent) }
  }

  func stands(_ standing: Standing) {
    joined.record(standing.isMember ? 1 : 0)
    loading.record(standing.loading)
    restoring.record(standing.restoring)
    live.record(standing.live)
    queue.record(standing.queuedMessages)
  }

  // MARK: What goes wrong, and what changes hands

  func aborted(cause: String) { counter(.aborts, cause).increment() }
  func restarted(cause: String) { counter(.restarts, cause).increment() }
  func rebalanced(_ kind: Rebalance) { rebalances(kind).increment() }

  // MARK: Partitions

  func begins(_ task: ShardTask, plan: StartPlan, assignedAt: ContinuousClock.Instant) {
    let partition = task.progress.partition
    dropped(partition)
    partitions[partition] = PartitionMetrics(
      partition, plan: plan, position: task.progress.position, assignedAt: assignedAt,
      at: clock.now, factory: factory)
  }

  func isLive(_ partition: TopicPartition) { partitions[partition]?.isLive(at: clock.now) }

  func caughtUp(_ partition: TopicPartition) { partitions[partition]?.caughtUp() }

  func observe(_ task: ShardTask, end: Int64?) {
    partitions[task.progress.partition]?.observe(
      task, end: end, at: clock.now, time: clock.millisecondsSinceEpoch)
  }

  /// Forgets what was said of a partition that is no longer ours.
  func dropped(_ partition: TopicPartition) {
    partitions.removeValue(forKey: partition)?.destroy()
  }

  // MARK: Checkpoints

  /// Only one is written at a time.
  func beganCheckpoint() { checkpointBegan = clock.now }

  func checkpointed(_ partition: TopicPartition, at position: Int64, bytes: Int64) {
    checkpoint(partition.topic).wrote(bytes, in: clock.now - checkpointBegan)
    partitions[partition]?.checkpointed(at: position, bytes: bytes, time: checkpointBegan)
  }

  func checkpointFailed(_ partition: TopicPartition) { checkpoint(partition.topic).failed() }
}

/// Handles, made when first needed.
extension WorkerMetrics {
  private func input(_ topic: String) -> InputCounters {
    if let known = inputs[topic] { return known }
    let new = InputCounters(topic, factory: factory)
    inputs[topic] = new
    return new
  }

  private func output(_ topic: String) -> OutputCounters {
    if let known = outputs[topic] { return known }
    let new = OutputCounters(topic, factory: factory)
    outputs[topic] = new
    return new
  }

  private func checkpoint(_ topic: String) -> CheckpointCounters {
    if let known = checkpoints[topic] { return known }
    let new = CheckpointCounters(topic, factory: factory)
    checkpoints[topic] = new
    return new
  }

  private func rebalances(_ kind: Rebalance) -> Counter { counter(.rebalances, kind.rawValue) }

  /// A counter with one label.
  private func counter(_ metric: WorkerMetric, _ value: String) -> Counter {
    let key = "\(metric.rawValue) \(value)"
    if let known = causes[key] { return known }
    let new = metric.counter(value, factory: factory)
    causes[key] = new
    return new
  }
}
