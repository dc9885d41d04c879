import Glibc

/// Says which input trapped or hung, when there is no more to be done about it.
enum CrashGuard {
  private static let signals = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGALRM]
  /// No input takes a hundredth of this.
  private static let secondsPerInput: UInt32 = 20

  /// A stack of its own lets the handler run when the other has overflowed.
  static func install() {
    let size = 1 << 16
    var stack = stack_t(ss_sp: malloc(size), ss_flags: 0, ss_size: size)
    sigaltstack(&stack, nil)
    for signal in signals {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { CrashGuard.report($0) }
      action.sa_flags = SA_ONSTACK
      sigaction(signal, &action, nil)
    }
  }

  static func watch(_ bytes: [UInt8], seed: UInt64, number: Int) {
    let header = Array("  seed \(seed), number \(number), --input ".utf8)
    place.set(header, bytes)
    alarm(secondsPerInput)
  }

  static func rest() { alarm(0) }

  /// Does nothing but write: the process may be in any state.
  private static func report(_ signal: Int32) {
    place.write(signal == SIGALRM ? "failed: hangs\n" : "failed: traps\n")
    _exit(1)
  }

  // Written by the one thread that fuzzes, and read by a handler on the same thread.
  nonisolated(unsafe) private static var place = InputPlace()
}

/// The input that is being tried, in memory that needs no runtime to read.
private struct InputPlace {
  private static let capacity = 1 << 25
  private let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
  private let digits = UnsafeMutablePointer<UInt8>.allocate(capacity: 64)
  private var headerCount = 0
  private var count = 0

  init() {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for (index, digit) in alphabet.utf8.enumerated() { digits[index] = digit }
  }

  mutating func set(_ header: [UInt8], _ input: [UInt8]) {
    headerCount = header.count
    count = min(input.count, InputPlace.capacity - headerCount)
    for index in 0..<headerCount { bytes[index] = header[index] }
    input.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      (bytes + headerCount).update(from: base, count: count)
    }
  }

  func write(_ reason: StaticString) {
    _ = Glibc.write(2, reason.utf8Start, reason.utf8CodeUnitCount)
    _ = Glibc.write(2, bytes, headerCount)
    var at = 0
    while at < count {
      writeGroup(at)
      at += 3
    }
    var end: UInt8 = 10
    _ = Glibc.write(2, &end, 1)
  }

  private func writeGroup(_ at: Int) {
    var bits: UInt32 = 0
    for place in 0..<3 {
      let byte = at + place < count ? bytes[headerCount + at + place] : 0
      bits = bits << 8 | UInt32(byte)
    }
    for place in 0..<4 {
      let isPadding = at + place > count
      var digit = isPadding ? 61 : digits[Int(bits >> UInt32(18 - 6 * place) & 63)]
      _ = Glibc.write(2, &digit, 1)
    }
  }
}
