import Kafka

/// How a worker has ended.
public enum WorkerExit: Sendable, Equatable {
  /// It was asked to; everything applied is committed, or will be applied again by the next.
  case stopped
  /// It cannot go on. `message` is one sentence for people; `exitCode` one of the contract's.
  case failed(exitCode: Int32, message: String)

  /// A setting, a topic or a log is not as it must be; a person has to mend it.
  static func configuration(_ message: String) -> WorkerExit {
    .failed(exitCode: 78, message: message)
  }

  /// The brokers do not know us or do not let us, or we do not trust them.
  static func refused(_ error: KafkaError) -> WorkerExit {
    let subject = error.isTLS ? "There is no secure connection" : "The brokers refuse us"
    return .failed(exitCode: 77, message: "\(subject): \(error.reason).")
  }
}
