import Foundation

/// Blocking calls of librdkafka have no place on Swift's cooperative threads.
package enum OwnThread {
  /// Runs `body` on a new thread and waits for it without blocking the caller's.
  package static func run<Result: Sendable>(
    named name: String, _ body: @escaping @Sendable () -> Result
  ) async -> Result {
    await withCheckedContinuation { continuation in
      let thread = Thread { continuation.resume(returning: body()) }
      thread.name = name
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  static func sleep(_ duration: Duration) {
    Thread.sleep(forTimeInterval: Double(duration.milliseconds) / 1_000)
  }
}
