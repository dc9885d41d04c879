import Foundation
import Synchronization

/// Keeps one core busy for a while, every so often, so that there is something to respond to.
final class Exercise: Sendable {
  private let period: Duration
  private let length: Duration
  private let isShedding = Atomic<Bool>(false)

  init(every period: Duration, length: Duration) {
    self.period = period
    self.length = length
  }

  /// Ends the load that is being made now.
  func shed() { isShedding.store(true, ordering: .releasing) }

  /// Makes load until the task is cancelled.
  func run() async {
    while true {
      do { try await Task.sleep(for: period) } catch { return }
      isShedding.store(false, ordering: .releasing)
      await withTaskCancellationHandler {
        await burn()
      } onCancel: {
        shed()
      }
    }
  }

  /// On a thread of its own: the cooperative ones are for work that gives way.
  private func burn() async {
    let end = ContinuousClock.now + length
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        while ContinuousClock.now < end, !self.isShedding.load(ordering: .acquiring) {}
        continuation.resume()
      }
    }
  }
}
