import Kafka
import System5Core
import System5Wire

/// Where a pipeline keeps checkpoints: reads and writes in the background, never waited for.
///
/// Confined to the pipeline's thread; whatever it does elsewhere is its own affair.
package protocol CheckpointStore: AnyObject {
  /// Begins to look for the newest intact checkpoint of each shard. What it finds comes through
  /// ``takeLoads()``, each request once.
  func load(_ requests: [CheckpointRequest])
  func takeLoads() -> [CheckpointLoad]
  /// What is being read at present, for people.
  var loadProgress: String { get }

  /// Whether a write is under way; only one is at a time.
  var isWriting: Bool { get }
  /// Begins to write a checkpoint of a committed state. What became of it comes through
  /// ``takeWrites()``.
  func write(_ snapshot: ShardSnapshot)
  func takeWrites() -> [CheckpointWrite]
  /// Gives up what is under way.
  func close()
}

/// What is asked for when a partition is taken over.
package struct CheckpointRequest: Sendable {
  /// Tells this request from an earlier one for the same partition.
  package let number: Int
  /// Of the input topic.
  package let partition: TopicPartition
  package let input: InputTopic
  /// The group's committed offset, past which no state will do; nil if it has none.
  package let committed: Int64?
  package let rules: Rules

  package init(
    number: Int, partition: TopicPartition, input: InputTopic, committed: Int64?, rules: Rules
  ) {
    self.number = number
    self.partition = partition
    self.input = input
    self.committed = committed
    self.rules = rules
  }
}

/// What was found for a request.
package struct CheckpointLoad: Sendable {
  package enum Outcome: Sendable {
    case found(ShelvedState)
    /// Nothing usable; what there was is named in `rejections`.
    case none
    /// The brokers did not answer as they should.
    case failed(KafkaError)
  }

  package let request: CheckpointRequest
  package let outcome: Outcome
  /// Checkpoints that could not be used, each with the reason.
  package let rejections: [CheckpointRejection]
  /// What lies there, used or not.
  package let shelf: ShelfState

  package init(
    request: CheckpointRequest, outcome: Outcome, rejections: [CheckpointRejection],
    shelf: ShelfState
  ) {
    self.request = request
    self.outcome = outcome
    self.rejections = rejections
    self.shelf = shelf
  }
}

/// A state as a checkpoint gives it.
package struct ShelvedState: Sendable {
  package let state: any PartitionState
  /// The next offset to apply to it.
  package let position: Int64
  package let bytes: Int64

  package init(state: any PartitionState, position: Int64, bytes: Int64) {
    self.state = state
    self.position = position
    self.bytes = bytes
  }
}

/// Why a checkpoint was not used.
package enum CheckpointRejection: Sendable, Hashable {
  /// It stands for more than the group has committed.
  case ahead(position: Int64)
  /// Written by a later program.
  case unknownVersion(Int64)
  /// The state grew under other rules.
  case otherRules(position: Int64)
  /// Incomplete, damaged or not what it says.
  case broken(String)
}

/// A committed state that is to be written.
package struct ShardSnapshot: Sendable {
  /// Of the input topic.
  package let partition: TopicPartition
  package let input: InputTopic
  package let state: any PartitionState
  /// The next offset to apply: what the group has committed.
  package let position: Int64
  package let shelf: ShelfState

  package init(
    partition: TopicPartition, input: InputTopic, state: any PartitionState, position: Int64,
    shelf: ShelfState
  ) {
    self.partition = partition
    self.input = input
    self.state = state
    self.position = position
    self.shelf = shelf
  }
}

/// What became of a write.
package struct CheckpointWrite: Sendable {
  package enum Outcome: Sendable {
    case written(CheckpointManifest)
    case failed(String)
  }

  package let snapshot: ShardSnapshot
  package let outcome: Outcome
  /// How many chunks were sent, whatever became of them.
  package let chunkCount: Int64

  package init(snapshot: ShardSnapshot, outcome: Outcome, chunkCount: Int64 = 0) {
    self.snapshot = snapshot
    self.outcome = outcome
    self.chunkCount = chunkCount
  }
}
