import Kafka
import System5Core

/// What there is to do next.
enum ForwardStep: Equatable {
  /// Wait for records, or for the time to come.
  case wait
  /// Deliver this, and say how it ended; until then there is nothing else to do.
  case post(ForwardPost)
  /// Put these records to the dead letters, and say when they are there.
  case bury([AlertRecord], code: String, message: String)
}

/// One request to a receiver, or to each of several.
struct ForwardPost: Equatable, Sendable {
  let contentType: String
  let body: [UInt8]
  /// What it tells, for the log.
  let subject: String
}

/// How a request ended.
enum PostOutcome: Equatable, Sendable {
  case delivered
  /// It would be refused again: the receiver does not want it.
  case refused(String)
  /// It may go better later; perhaps the receiver said when.
  case failed(String, retryAfter: Timestamp.Span? = nil)
}

/// Decides what is delivered when; without a clock, chance or connection of its own.
protocol ForwardMachine: Sendable {
  var progress: ForwardProgress { get set }
  /// Whether more records may be read at present.
  var wantsRecords: Bool { get }

  /// A partition is ours from now on; it is read from its beginning.
  mutating func assigned(_ partition: TopicPartition, committed: Int64?)
  /// A partition is ours no more.
  mutating func dropped(_ partition: TopicPartition)
  mutating func arrived(_ record: AlertRecord, at now: Timestamp)
  mutating func next(at now: Timestamp) -> ForwardStep
  /// - Parameter chance: from 0 to 1.
  mutating func ended(_ outcome: PostOutcome, at now: Timestamp, chance: Double)
  mutating func buried()
}

extension ForwardMachine {
  mutating func reachedEnd(of partition: TopicPartition, at offset: Int64) {
    progress.reachedEnd(partition, at: offset)
  }
}
