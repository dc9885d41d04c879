import Synchronization

/// One caller that waits for an acknowledgement. Resumed once, by whatever comes first.
final class DeliveryCall: Sendable {
  private enum State {
    case new
    case waiting(CheckedContinuation<Delivery, any Error>)
    case finished(Result<Delivery, any Error>?)
  }

  let record: EventRecord
  let topic: String
  private let state = Mutex(State.new)

  init(_ record: EventRecord, topic: String) {
    self.record = record
    self.topic = topic
  }

  /// Whether there is nobody left to tell.
  var isFinished: Bool {
    state.withLock { if case .finished = $0 { true } else { false } }
  }

  func wait() async throws -> Delivery {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { wait(with: $0) }
    } onCancel: {
      finish(.failure(CancellationError()))
    }
  }

  func finish(_ outcome: Result<Delivery, any Error>) {
    let waiting: CheckedContinuation<Delivery, any Error>? = state.withLock { state in
      switch state {
      case .new:
        state = .finished(outcome)
        return nil
      case .waiting(let continuation):
        state = .finished(nil)
        return continuation
      case .finished: return nil
      }
    }
    waiting?.resume(with: outcome)
  }

  private func wait(with continuation: CheckedContinuation<Delivery, any Error>) {
    let early: Result<Delivery, any Error>? = state.withLock { state in
      if case .finished(let outcome?) = state { return outcome }
      state = .waiting(continuation)
      return nil
    }
    if let early { continuation.resume(with: early) }
  }
}
