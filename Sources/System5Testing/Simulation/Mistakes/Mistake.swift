/// Mistakes that a worker of this kind is known to make. The simulator finds each, which is what
/// its own tests show. None touches the worker's code: they are made where it meets its platform,
/// and in the states it is given.
public enum Mistake: String, CaseIterable, Sendable {
  // Going back.
  case seekForgetsKept, stateNotRolledBack, abortForgotten
  // Offsets.
  case offsetsBeforeResults, offsetsAfterResults, lastOffsetCommitted, consumerPositionCommitted
  // Transactions.
  case membershipAtCommit, commitRetriedBlindly, unknownIsCommitted, unknownIsAborted
  case fatalProducerReused, resultsOutsideOfTransaction, deadLetterOutsideOfTransaction
  // Taking over.
  case restorePublishes, restoreStartsAtCommit, startsAtLatest, unstableOffsetsRead
  case uncommittedRead
  // Giving up.
  case lostAsRevoked, commitWithoutGeneration, revokedKept
  // Checkpoints.
  case checkpointAhead, checkpointOfUncommitted, hashUnchecked, predecessorsRemovedFirst
  case alertsForgotten, windowForgotten
  // States.
  case hashOrder
}
