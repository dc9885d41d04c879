import Foundation

/// What ends the process when a graceful stop takes too long, or is asked for again.
enum HardStop {
  /// - Parameter seconds: how long the graceful stop may take.
  static func arm(after seconds: Int = 5) {
    for number in [SIGTERM, SIGINT] { endAtOnce(on: number) }
    DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds)) {
      Terminal.say("system5: did not stop in time; what was not committed will be done again")
      _exit(CommandFailure.Code.tryAgain.rawValue)
    }
  }

  /// A dispatch source, as the one for the first signal is: that one keeps the signal blocked, so
  /// that a handler of `signal` would never be called. The resumed source lives for ever.
  private static func endAtOnce(on number: Int32) {
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler {
      _ = source
      _exit(128 + number)
    }
    source.resume()
  }
}
