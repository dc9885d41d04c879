import Foundation

/// Standard error, where people read.
enum Terminal {
  static func say(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }

  /// Whether standard error is a terminal, on which a line may be written over.
  static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }
}

/// A line that tells how far long work is; nothing at all unless a person can see it.
struct ProgressLine {
  private let noun: String
  /// How many there will be; nil if that is not known.
  private let total: Int?
  private let isShown = Terminal.isInteractive
  private let start = ContinuousClock.now
  private var next = ContinuousClock.now + .milliseconds(500)
  private var hasWritten = false

  init(_ noun: String, of total: Int? = nil) {
    self.noun = noun
    self.total = total
  }

  /// Cheap enough to call for each record: looks at the clock once in 1,024 counts.
  mutating func update(_ count: Int) {
    if count & 1023 == 0 { step(count) }
  }

  /// For counts that take long: looks at the clock each time.
  mutating func step(_ count: Int) {
    guard isShown, ContinuousClock.now >= next else { return }
    next = ContinuousClock.now + .milliseconds(200)
    hasWritten = true
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let line = Self.line(noun, count, of: total, after: seconds)
    FileHandle.standardError.write(Data("\r\u{1b}[K\(line)".utf8))
  }

  /// `1024 of 4096 records, 512/s, 6 s left`.
  static func line(_ noun: String, _ count: Int, of total: Int?, after seconds: Double) -> String {
    let rate = Double(count) / max(seconds, 0.001)
    guard let total, rate > 0 else { return "\(count) \(noun), \(Int(rate))/s" }
    let left = Int((Double(max(0, total - count)) / rate).rounded(.up))
    return "\(count) of \(total) \(noun), \(Int(rate))/s, \(left) s left"
  }

  /// Makes room for what is said next.
  mutating func clear() {
    guard hasWritten else { return }
    hasWritten = false
    FileHandle.standardError.write(Data("\r\u{1b}[K".utf8))
  }
}
