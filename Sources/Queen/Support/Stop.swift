import Dispatch
import Foundation

/// The end of a run: SIGTERM, SIGINT, or its time.
enum Stop {
  /// Returns when it is time, or the task is cancelled.
  static func wait(atMost duration: Duration?) async {
    let signals = AsyncStream<Void> { continuation in
      for number in [SIGTERM, SIGINT] { finish(continuation, on: number) }
      let timer = duration.map { duration in
        Task {
          try? await Task.sleep(for: duration)
          continuation.finish()
        }
      }
      continuation.onTermination = { _ in timer?.cancel() }
    }
    for await _ in signals {}
  }

  /// The resumed source lives for ever.
  private static func finish(_ continuation: AsyncStream<Void>.Continuation, on number: Int32) {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler {
      _ = source
      continuation.finish()
    }
    source.resume()
  }
}
