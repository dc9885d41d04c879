import Foundation
import System5Fuzzing

/// What a run says, all of it on standard error.
struct Report {
  private static let failureLimit = 20

  private let seed: UInt64
  private let start = ContinuousClock.now
  private(set) var count = 0
  private(set) var failures = 0
  /// How many inputs were not refused at once.
  private var taken = 0
  private(set) var elapsed: Double = 0
  private var said: Double = 0

  init(seed: UInt64) { self.seed = seed }

  static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

  mutating func note(_ outcome: String) {
    if outcome.utf8.contains(UInt8(ascii: "+")) { taken += 1 }
  }

  mutating func next(outcomes: Int) {
    count += 1
    guard count.isMultiple(of: 256) else { return }
    elapsed = (ContinuousClock.now - start) / .seconds(1)
    guard elapsed - said >= 10 else { return }
    said = elapsed
    Report.say("\(summary), \(outcomes) outcomes")
  }

  /// Says what failed in a form that repeats it. A flood of failures is cut off.
  mutating func failed(_ input: FuzzInput, _ failure: FuzzFailure) {
    failures += 1
    guard failures <= Report.failureLimit else { return }
    let base64 = Data(input.bytes).base64EncodedString()
    Report.say("failed: \(failure)\n  seed \(seed), number \(count), --input \(base64)")
  }

  mutating func end(outcomes: Int) {
    elapsed = (ContinuousClock.now - start) / .seconds(1)
    Report.say("\(summary), \(outcomes) outcomes, \(failures) failures")
  }

  private var summary: String {
    let rate = Int(Double(count) / max(elapsed, 0.001))
    return "seed \(seed): \(count) inputs in \(Int(elapsed)) s, \(rate) a second, \(taken) taken"
  }
}
