import Foundation

/// Blocking calls of librdkafka have no place on Swift's cooperative threads.
package enum OwnThread {
  /// Runs `body` on a new thread and waits for it without blocking the caller's.
  package static func run<Result: Sendable>(
    named name: String, _ body: @escaping @Sendable () -> Result
  ) async -> Result {
    await withCheckedContinuation { continuation in
      start(named: name) { continuation.resume(returning: body()) }
    }
  }

  /// Runs `body` on a new thread and waits for nothing.
  package static func start(named name: String, _ body: @escaping @Sendable () -> Void) {
    let thread = Thread(block: body)
    thread.name = name
    thread.stackSize = 8 << 20
    thread.start()
  }

  package static func sleep(_ duration: Duration) {
    Thread.sleep(forTimeInterval: Double(duration.milliseconds) / 1_000)
  }
}
