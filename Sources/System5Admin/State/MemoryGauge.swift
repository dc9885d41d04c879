import Kafka
import Synchronization
import System5Core
import System5Wire
import System5Worker

/// What the stores take up. A snapshot is walked through for it, away from the loop, so the figures
/// are renewed only now and then.
final class MemoryGauge: Sendable {
  private static let lifetime: Duration = .seconds(10)

  private struct Reading {
    let position: Int64
    let bytes: Int
    let at: ContinuousClock.Instant
  }

  private let readings = Mutex<[TopicPartition: Reading]>([:])

  /// The bytes of each store, over the shards whose state is there.
  func json(of shards: [ShardReport]) -> OrderedJSON {
    .object(
      InputTopic.allCases.map { input in
        let bytes = shards.filter { $0.input == input }.reduce(0) { $0 + self.bytes(of: $1) }
        return .init(StoreHealth.name(of: input), .integer(Int64(bytes)))
      })
  }

  private func bytes(of shard: ShardReport) -> Int {
    if let known = readings.withLock({ $0[shard.partition] }),
      known.position == shard.position || .now - known.at < MemoryGauge.lifetime
    {
      return known.bytes
    }
    let reading = Reading(position: shard.position, bytes: shard.heapBytes, at: .now)
    readings.withLock { $0[shard.partition] = reading }
    return reading.bytes
  }
}

extension ShardReport {
  fileprivate var heapBytes: Int {
    switch state {
    case let state as Partition<PolicyStore>: state.shard.heapBytes
    case let state as Partition<AdaptationStore>: state.shard.heapBytes
    case let state as Partition<VarietyMetricsStore>: state.shard.heapBytes
    default: 0
    }
  }
}
