/// When to commit, and how.
///
/// A commit makes the loop wait. So it comes at once when there is nothing else to do, which makes
/// results quick on a quiet stream, and otherwise when enough has gathered.
struct CommitPolicy {
  let interval: Duration
  let maxResults: Int
  /// As `interval`, where there are offsets alone: nobody waits for them.
  var offsetsInterval: Duration

  /// What has been done since the last commit.
  struct Pending: Equatable {
    /// Results and dead letters that were produced.
    var results = 0
    /// Whether the position of any published partition has moved.
    var hasMoved = false
    /// Since the first of it was done.
    var age: Duration = .zero
    /// Whether a partition waits for its checkpoint, which comes without a record.
    var isTakingOver = false
  }

  enum Decision: Equatable {
    case wait
    /// Results and offsets together.
    case results
    /// Offsets alone.
    case offsets
  }

  /// - Parameter isCaughtUp: the last poll has brought no record.
  func decision(for pending: Pending, isCaughtUp: Bool) -> Decision {
    if pending.results > 0 {
      let isDue = isCaughtUp || pending.age >= interval || pending.results >= maxResults
      return isDue ? .results : .wait
    }
    return pending.hasMoved && pending.age >= offsetsInterval ? .offsets : .wait
  }

  /// How long the next poll may wait for a record.
  func pollTimeout(for pending: Pending) -> Duration {
    let longest: Duration = pending.isTakingOver ? .milliseconds(5) : .milliseconds(100)
    if pending.results > 0 { return .zero }
    guard pending.hasMoved else { return longest }
    return min(longest, max(.milliseconds(1), offsetsInterval - pending.age))
  }
}
