import Kafka

/// What an error asks for. The least of these that is certain to be right is taken.
enum Remedy: Equatable {
  /// The same call again.
  case retry
  /// Abort the transaction, return to the last commit, go on.
  case abort
  /// The outcome is unknown or the producer is done for: a new one with the same transactional id
  /// fences whatever is still in flight; then as after an abort.
  case replaceProducer
  /// A new consumer and a new producer, after a pause.
  case restart
  /// A person has to mend it.
  case stop(WorkerExit)
}

/// An error with what it asks for.
struct Trouble: Error {
  let remedy: Remedy
  let cause: String
}

extension Remedy {
  /// For an error of a transactional call. The order of the tests matters: a fatal error may call
  /// itself abortable too.
  static func forTransaction(_ error: KafkaError) -> Remedy {
    if error.isMessageTooLarge {
      return .stop(
        .configuration("A result is too large for its topic; raise max.message.bytes: \(error)"))
    }
    if error.isFatal { return .replaceProducer }
    if error.isAuthentication { return .stop(.notAuthorised("The broker refuses us: \(error)")) }
    if error.requiresAbort || error.isFenced || error.isRebalanceInProgress { return .abort }
    if error.isTimeout || error.isTransport { return .replaceProducer }
    if error.isRetriable { return .retry }
    return .restart
  }

  /// For an error of any other call.
  static func forConsumer(_ error: KafkaError) -> Remedy {
    if error.isAuthentication { return .stop(.notAuthorised("The broker refuses us: \(error)")) }
    return .restart
  }
}
