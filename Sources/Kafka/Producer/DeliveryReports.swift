/// What has become of produced messages, gathered on the producer's thread.
final class DeliveryReports {
  private(set) var failures = 0
  private var first: KafkaError?

  func failed(_ error: KafkaError) {
    failures += 1
    if first == nil { first = error }
  }

  /// The first failure and how many there were, forgotten with this.
  func take() -> DeliveryFailure? {
    defer {
      failures = 0
      first = nil
    }
    return first.map { DeliveryFailure(first: $0, count: failures) }
  }
}

/// Messages that were accepted by `Producer.produce` and then not delivered.
public struct DeliveryFailure: Sendable, Equatable {
  /// Why the first of them failed.
  public let first: KafkaError
  /// How many failed.
  public let count: Int

  public init(first: KafkaError, count: Int) {
    self.first = first
    self.count = count
  }
}
