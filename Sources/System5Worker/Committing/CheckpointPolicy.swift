/// When a shard is worth a checkpoint: once enough was applied since the last one that reading the
/// log instead would take long, or once it is old.
struct CheckpointPolicy {
  let records: Int
  let interval: Duration

  func isDue(records applied: Int, age: Duration) -> Bool {
    applied >= records || (applied > 0 && age >= interval)
  }
}
