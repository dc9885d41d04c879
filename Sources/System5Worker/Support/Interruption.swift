import Kafka

/// Why the loop cannot simply go on, and what is to be done about it.
package enum Interruption: Error, Equatable {
  /// Abort the transaction and go back to the last commit.
  case abort(cause: String)
  /// The producer is of no use, or it is unknown what became of its transaction: a new one with
  /// the same `transactional.id` fences what is in flight. Then go back to the last commit.
  case replaceProducer(cause: String)
  /// Leave the group and begin anew, after a wait.
  case restart(cause: String)
  case exit(WorkerExit)

  /// Of few values: the name of an error of Kafka's, or a word of ours.
  var cause: String {
    switch self {
    case .abort(let cause), .replaceProducer(let cause), .restart(let cause): cause
    case .exit: "exit"
    }
  }
}

/// The calls whose errors are told apart.
enum KafkaCall {
  /// Asking about topics, offsets and watermarks; polling, seeking.
  case query
  case initTransactions
  /// Begin, produce, send offsets, commit: what belongs to a transaction.
  case transaction
  case abort
  /// Produce and flush without transactions.
  case delivery
  /// Committing offsets without a transaction.
  case plainCommit
}

/// The decision table for errors.
enum Reaction: Equatable {
  /// The same call again, with the same arguments.
  case retry
  case interrupt(Interruption)

  /// How often a call is made again before that counts as a failure.
  static let maxRetries = 10

  static func to(_ error: KafkaError, of call: KafkaCall, attempt: Int) -> Reaction {
    if error.isAuthentication {
      return .interrupt(.exit(.refused(error)))
    }
    switch call {
    case .transaction: return transactional(error, attempt: attempt)
    case .abort:
      return mayRetry(error, attempt) ? .retry : .interrupt(.replaceProducer(cause: error.name))
    case .delivery: return .interrupt(.replaceProducer(cause: error.name))
    case .plainCommit: return plainCommit(error)
    case .query, .initTransactions:
      return mayRetry(error, attempt) ? .retry : .interrupt(.restart(cause: error.name))
    }
  }

  private static func transactional(_ error: KafkaError, attempt: Int) -> Reaction {
    if error.isFatal { return .interrupt(.replaceProducer(cause: error.name)) }
    if error.requiresAbort { return .interrupt(.abort(cause: error.name)) }
    if error.isTimeout || error.isTransport {
      return .interrupt(.replaceProducer(cause: error.name))
    }
    if error.isRetriable {
      return attempt < maxRetries ? .retry : .interrupt(.replaceProducer(cause: error.name))
    }
    if error.isFenced || error.isRebalanceInProgress {
      return .interrupt(.abort(cause: error.name))
    }
    return .interrupt(.restart(cause: error.name))
  }

  /// The broker's refusal is an outcome that is known. After anything else the commit may still be
  /// on its way, and only a new member makes sure that it comes too late.
  private static func plainCommit(_ error: KafkaError) -> Reaction {
    if error.isFatal { return .interrupt(.restart(cause: error.name)) }
    if error.isFenced || error.isRebalanceInProgress {
      return .interrupt(.abort(cause: error.name))
    }
    return .interrupt(.restart(cause: error.name))
  }

  private static func mayRetry(_ error: KafkaError, _ attempt: Int) -> Bool {
    error.isRetriable && !error.isFatal && attempt < maxRetries
  }
}

extension PipelineSetup {
  /// Makes a call, again while that is worth it, and translates its error.
  func attempting<Result>(
    _ call: KafkaCall, _ body: () throws(KafkaError) -> Result
  ) throws(Interruption) -> Result {
    var attempt = 0
    while true {
      do {
        return try body()
      } catch {
        switch Reaction.to(error, of: call, attempt: attempt) {
        case .retry: attempt += 1
        case .interrupt(let interruption): throw interruption
        }
      }
      platform.clock.sleep(.milliseconds(min(1_000, 10 << min(attempt, 7))))
      beat()
    }
  }
}
