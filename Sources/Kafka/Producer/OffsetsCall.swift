internal import CRdkafka
import Dispatch
import Synchronization

/// `rd_kafka_send_offsets_to_transaction` on a thread of its own.
///
/// The call does not keep to its timeout while the group's coordinator is away, and then may never
/// return (librdkafka issues 5456 and 5511, up to 2.16 at least). So it is waited for, and given up
/// when its time is over: the producer that it belongs to is then of no more use.
///
/// `@unchecked`: what it holds was made for it alone and is used on the one thread that makes the
/// call; librdkafka's client and group metadata may be used on any thread.
final class OffsetsCall: @unchecked Sendable {
  /// How much longer than the timeout the call may take.
  private static let grace = 2_000

  private let client: ClientHandle
  private let list: PartitionList
  private let group: GroupMetadata
  private let timeout: Int32
  private let outcome = Mutex<KafkaError?>(nil)
  private let finished = DispatchSemaphore(value: 0)

  init(
    _ client: ClientHandle, _ offsets: [PartitionOffset], _ group: GroupMetadata, _ timeout: Int32
  ) {
    self.client = client
    self.list = PartitionList(offsets)
    self.group = group
    self.timeout = timeout
  }

  /// - Throws: the call's error, or a timeout after which the call may still be going on.
  func make(on queue: DispatchQueue) throws(KafkaError) {
    // The call keeps itself, and with it the client, alive for as long as it takes.
    queue.async { self.perform() }
    if timeout < 0 {
      finished.wait()
    } else if finished.wait(timeout: .now() + deadline) == .timedOut {
      throw KafkaError(
        RD_KAFKA_RESP_ERR__TIMED_OUT, reason: "Sending offsets has not returned in time")
    }
    if let error = outcome.withLock({ $0 }) { throw error }
  }

  private var deadline: DispatchTimeInterval { .milliseconds(Int(timeout) + OffsetsCall.grace) }

  private func perform() {
    let error = rd_kafka_send_offsets_to_transaction(
      client.pointer, list.pointer, group.pointer, timeout)
    if let error { outcome.withLock { $0 = KafkaError(consuming: error) } }
    finished.signal()
  }
}
