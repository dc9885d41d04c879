/// What has become of produced messages, gathered on the producer's thread.
final class DeliveryReports {
  private(set) var failures = 0
  private var first: KafkaError?
  private var tagged: [DeliveryReport] = []

  func failed(_ error: KafkaError) {
    failures += 1
    if first == nil { first = error }
  }

  func reported(_ report: DeliveryReport) { tagged.append(report) }

  /// The reports of tagged messages, in the order they came, forgotten with this.
  func takeTagged() -> [DeliveryReport] {
    defer { tagged.removeAll(keepingCapacity: true) }
    return tagged
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

/// What became of one message that was produced with a tag.
public struct DeliveryReport: Sendable, Equatable {
  /// The tag it was produced with.
  public let tag: UInt
  /// Where it lies; negative if it was not delivered.
  public let partition: Int32
  /// Its offset; negative if it was not delivered, or if the broker had it already.
  public let offset: Int64
  /// Why it was not delivered; `nil` if it was. After a timeout it may still have been.
  public let error: KafkaError?

  public init(tag: UInt, partition: Int32, offset: Int64, error: KafkaError?) {
    self.tag = tag
    self.partition = partition
    self.offset = offset
    self.error = error
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
