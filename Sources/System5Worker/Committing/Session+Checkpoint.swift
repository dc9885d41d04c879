import Kafka
import Logging
import System5Wire

/// Committed snapshots on their way to the checkpoint topics, one at a time.
extension Session {
  func serveCheckpoints() {
    for write in checkpoints.takeWrites() { note(write) }
    guard !checkpoints.isWriting, let task = mostDueTask() else { return }
    setup.metrics.beganCheckpoint()
    checkpoints.write(task.snapshotToWrite(at: now))
  }

  /// The one with the most to read again; of equals the first.
  private func mostDueTask() -> ShardTask? {
    let policy = CheckpointPolicy(
      records: setup.configuration.checkpointRecords,
      interval: setup.configuration.checkpointInterval)
    var best: ShardTask?
    for partition in tasks.keys.sorted() {
      guard let task = tasks[partition], !task.progress.isRestoring,
        policy.isDue(records: task.committedSinceCheckpoint, age: now - task.checkpointedAt),
        task.committedSinceCheckpoint > best?.committedSinceCheckpoint ?? 0
      else { continue }
      best = task
    }
    return best
  }

  private func note(_ write: CheckpointWrite) {
    let partition = write.snapshot.partition
    switch write.outcome {
    case .written(let manifest):
      setup.metrics.checkpointed(partition, at: manifest.position, bytes: manifest.byteCount)
      setup.logger.info(
        "Checkpoint written",
        metadata: .of(
          (.topic, partition.topic), (.partition, partition.partition),
          (.offset, manifest.position), (.bytes, manifest.byteCount)))
    case .failed(let reason):
      setup.metrics.checkpointFailed(partition)
      setup.logger.warning(
        "A checkpoint could not be written",
        metadata: .of(
          (.topic, partition.topic), (.partition, partition.partition), (.cause, reason)))
    }
    tasks[partition]?.noteCheckpoint(write)
  }
}
