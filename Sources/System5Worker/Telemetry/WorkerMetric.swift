/// Every metric of a worker, by name. No label holds an id of a system or of an event.
package enum WorkerMetric: String, CaseIterable, Sendable {
  case buildInfo = "system5_build_info"

  case records = "system5_records_total"
  case deadLetters = "system5_dead_letters_total"
  case misroutedRecords = "system5_misrouted_records_total"
  case pollRecords = "system5_poll_records"

  case results = "system5_results_total"
  case resultBytes = "system5_result_bytes_total"
  case producerQueue = "system5_producer_queue_messages"

  case commitDuration = "system5_commit_duration_seconds"
  case latency = "system5_end_to_end_latency_seconds"
  case aborts = "system5_aborts_total"

  case lagRecords = "system5_lag_records"
  case lagSeconds = "system5_lag_seconds"
  case loopSeconds = "system5_loop_seconds_total"

  case joined = "system5_pipeline_joined"
  case restarts = "system5_pipeline_restarts_total"
  case rebalances = "system5_rebalances_total"
  case partitions = "system5_assigned_partitions"
  case storeSystems = "system5_store_systems"

  case restoreRemaining = "system5_restore_remaining_records"
  case restoreDuration = "system5_restore_duration_seconds"

  case checkpointAge = "system5_checkpoint_age_seconds"
  case checkpointBehind = "system5_checkpoint_behind_records"
  case checkpointSize = "system5_checkpoint_size_bytes"
  case checkpointDuration = "system5_checkpoint_duration_seconds"
  case checkpointBytes = "system5_checkpoint_written_bytes_total"
  case checkpointFailures = "system5_checkpoint_failures_total"

  package var definition: MetricDefinition {
    switch self {
    case .buildInfo:
      .info("What runs here.", by: "version", "swift", "librdkafka")

    case .records:
      .counter(
        """
        Records by what became of them: applied, duplicate or dead-letter, once committed; \
        restored, applied again to bring a state back.
        """, by: "topic", "disposition")
    case .deadLetters:
      .counter("Records committed as dead letters, by reason.", by: "topic", "code")
    case .misroutedRecords:
      .counter("Records whose key murmur2 would have put in another partition.", by: "topic")
    case .pollRecords:
      .histogram(
        "Records that one poll has brought, of the polls that have brought any.",
        buckets: [1, 10, 100, 500, 1_000, 2_000, 5_000, 10_000, 100_000])

    case .results:
      .counter("Results committed, tombstones among them, without dead letters.", by: "topic")
    case .resultBytes:
      .counter("Bytes of keys and values of committed results.", unit: "bytes", by: "topic")
    case .producerQueue:
      .gauge("Messages and reports in the producer's queue.", by: "pipeline")

    case .commitDuration:
      .histogram(
        "How long commits took, of results or of offsets alone; the loop waits for them.",
        unit: "seconds", buckets: MetricDefinition.commitBuckets, by: "kind")
    case .latency:
      .histogram(
        """
        From a record's timestamp to the acknowledged commit, for the first and the last record of \
        each commit.
        """, unit: "seconds", buckets: MetricDefinition.latencyBuckets, by: "kind", "sample")
    case .aborts:
      .counter("Steps taken back to the last commit.", by: "cause")

    case .lagRecords:
      .gauge("Records of the log that are yet to be applied.", by: "topic", "partition")
    case .lagSeconds:
      .gauge(
        "Age of the newest applied record while there are more, 0 when caught up.",
        unit: "seconds", by: "topic", "partition")
    case .loopSeconds:
      .counter(
        "Where the loop's time went: poll (waiting for records too), apply, commit, other.",
        unit: "seconds", by: "pipeline", "activity")

    case .joined:
      .gauge("Whether the pipeline is a member of its group.", by: "pipeline")
    case .restarts:
      .counter("How often a pipeline left the group and began anew.", by: "cause")
    case .rebalances:
      .counter("Changes of the assignment: assigned, revoked or lost.", by: "kind")
    case .partitions:
      .gauge(
        "Partitions by state: loading a checkpoint, restoring from the log, or live.",
        by: "pipeline", "state")
    case .storeSystems:
      .gauge("Viable systems in a partition's store.", by: "topic", "partition")

    case .restoreRemaining:
      .gauge("Records to apply before a partition is live.", by: "topic", "partition")
    case .restoreDuration:
      .histogram(
        "From a partition's assignment until it is live, by where its state came from.",
        unit: "seconds", buckets: MetricDefinition.restoreBuckets, by: "source")

    case .checkpointAge:
      .gauge(
        "How long ago the newest checkpoint was made, 0 while it holds all that is committed.",
        unit: "seconds", by: "topic", "partition")
    case .checkpointBehind:
      .gauge(
        "Records committed since the newest checkpoint: what a takeover has to read again.",
        by: "topic", "partition")
    case .checkpointSize:
      .gauge("Size of the newest checkpoint.", unit: "bytes", by: "topic", "partition")
    case .checkpointDuration:
      .histogram(
        "How long checkpoints took to write, in the background.", unit: "seconds",
        buckets: MetricDefinition.checkpointBuckets, by: "topic")
    case .checkpointBytes:
      .counter("Bytes of written checkpoints.", unit: "bytes", by: "topic")
    case .checkpointFailures:
      .counter("Checkpoints that could not be written.", by: "topic")
    }
  }
}

extension MetricDefinition {
  fileprivate static let commitBuckets = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
  ]
  /// Up to a day: whoever catches up applies old records.
  fileprivate static let latencyBuckets = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600, 21_600,
    86_400,
  ]
  fileprivate static let restoreBuckets = [
    0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600,
  ]
  fileprivate static let checkpointBuckets = [
    0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600,
  ]
}
