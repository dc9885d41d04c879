/// When a step is to be committed.
///
/// A transaction costs about 12 ms during which the loop waits, so results are committed as soon
/// as the loop has caught up with what has arrived, which makes alerts quick on a quiet stream,
/// and otherwise after a while or after many. Offsets alone are nobody's news and wait.
struct CommitPolicy {
  let interval: Duration
  let mostResults: Int

  func isDue(results: Int, hasCaughtUp: Bool, since begin: ContinuousClock.Instant) -> Bool {
    let isOverdue = ContinuousClock.now - begin >= interval
    return results == 0 ? isOverdue : hasCaughtUp || isOverdue || results >= mostResults
  }
}
