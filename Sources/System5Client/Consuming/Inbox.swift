internal import DequeModule
internal import Kafka
import Synchronization

/// Results on their way from the thread that polls to the task that handles them, and the offsets
/// that may be committed because of what it has handled.
///
/// A result is handled when the task asks for the next one, or says so.
final class Inbox: Sendable {
  /// A record that was taken from its partition.
  struct Entry {
    let partition: TopicPartition
    let offset: Int64
    /// Nil for what is passed over: a repetition, or a tombstone.
    let result: ResultEvent?
  }

  fileprivate struct State {
    var entries: Deque<(entry: Entry, turn: Int)> = []
    /// Given to the task, and not handled yet.
    var inHand: (entry: Entry, turn: Int)?
    /// The partitions that are ours, with the number of the turn in which they came: what is left
    /// over from an earlier turn moves no offset.
    var turns: [TopicPartition: Int] = [:]
    var lastTurn = 0
    /// Where each partition is to go on, once committed.
    var handled: [TopicPartition: Int64] = [:]
    var waiting: CheckedContinuation<ResultEvent?, any Error>?
    var isEnded = false
    var failure: KafkaFailure?
  }

  private let state = Mutex(State())
}

/// The task's side.
extension Inbox {
  /// Marks the result in hand as handled, and waits for the next; nil at the end.
  func next() async throws -> ResultEvent? {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { wait(with: $0) }
    } onCancel: {
      let waiting = state.withLock { $0.waiting.take() }
      waiting?.resume(returning: nil)
    }
  }

  /// Marks the result in hand as handled.
  func acknowledge() { state.withLock { $0.finishInHand() } }

  private func wait(with continuation: CheckedContinuation<ResultEvent?, any Error>) {
    let answer: Result<ResultEvent?, any Error>? = state.withLock { state in
      if state.waiting != nil { return .failure(ResultsInUse()) }
      state.finishInHand()
      // Asked under the lock: a cancellation from now on finds the continuation.
      if Task.isCancelled { return .success(nil) }
      if let result = state.takeNext() { return .success(result) }
      if let failure = state.failure { return .failure(failure) }
      if state.isEnded { return .success(nil) }
      state.waiting = continuation
      return nil
    }
    if let answer { continuation.resume(with: answer) }
  }
}

/// The thread's side.
extension Inbox {
  /// How many records wait for the task.
  var count: Int { state.withLock { $0.entries.count } }

  /// Adds records, each of a partition that is ours.
  func add(_ entries: [Entry]) {
    let ready: (CheckedContinuation<ResultEvent?, any Error>, ResultEvent)? = state.withLock {
      state in
      for entry in entries {
        guard let turn = state.turns[entry.partition] else { continue }
        state.entries.append((entry, turn))
      }
      guard state.waiting != nil, let result = state.takeNext() else { return nil }
      return state.waiting.take().map { ($0, result) }
    }
    if let ready { ready.0.resume(returning: ready.1) }
  }

  func assigned(_ partitions: [TopicPartition]) {
    state.withLock { state in
      for partition in partitions {
        state.lastTurn += 1
        state.turns[partition] = state.lastTurn
      }
    }
  }

  /// Forgets what has come of these partitions; returns what of them may still be committed.
  func removed(_ partitions: [TopicPartition]) -> [PartitionOffset] {
    let gone = Set(partitions)
    return state.withLock { state in
      state.entries.removeAll { gone.contains($0.entry.partition) }
      return partitions.compactMap { partition in
        state.turns[partition] = nil
        return state.handled.removeValue(forKey: partition).map { PartitionOffset(partition, $0) }
      }
    }
  }

  /// What may be committed.
  var handled: [PartitionOffset] {
    state.withLock { $0.handled.map { PartitionOffset($0.key, $0.value) } }
  }

  /// Forgets offsets that are committed, unless the task has moved on since.
  func committed(_ offsets: [PartitionOffset]) {
    state.withLock { state in
      for offset in offsets where state.handled[offset.topicPartition] == offset.offset {
        state.handled[offset.topicPartition] = nil
      }
    }
  }

  /// No more records come; the task still gets those that are there, unless this is a failure.
  func end(_ failure: KafkaFailure?) {
    let waiting = state.withLock { state in
      state.isEnded = true
      state.failure = failure
      state.entries.removeAll()
      return state.waiting.take()
    }
    if let failure { waiting?.resume(throwing: failure) } else { waiting?.resume(returning: nil) }
  }
}

extension Inbox.State {
  fileprivate mutating func finishInHand() {
    guard let done = inHand.take() else { return }
    finish(done.entry, of: done.turn)
  }

  /// The next result, which is in hand from now on; what is passed over before it is done with.
  fileprivate mutating func takeNext() -> ResultEvent? {
    while let (entry, turn) = entries.popFirst() {
      if let result = entry.result {
        inHand = (entry, turn)
        return result
      }
      finish(entry, of: turn)
    }
    return nil
  }

  private mutating func finish(_ entry: Inbox.Entry, of turn: Int) {
    guard turns[entry.partition] == turn else { return }
    handled[entry.partition] = entry.offset + 1
  }
}

/// Two tasks ask for results at once: one sequence has one reader.
public struct ResultsInUse: Error, Sendable, Hashable, CustomStringConvertible {
  public init() {}

  public var description: String { "Another task is waiting for the next result already." }
}
