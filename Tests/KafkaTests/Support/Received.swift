import Kafka

/// A copy of a message, to compare with.
struct Received: Equatable {
  let kind: Message.Kind
  let topicPartition: TopicPartition
  let offset: Int64
  let timestampMilliseconds: Int64?
  let key: [UInt8]?
  let value: [UInt8]?
  let headers: [Header]

  var text: String { String(decoding: value ?? [], as: UTF8.self) }

  init(_ message: borrowing Message) {
    kind = message.kind
    topicPartition = message.topicPartition
    offset = message.offset
    timestampMilliseconds = message.timestampMilliseconds
    key = message.key.map { Array($0) }
    value = message.value.map { Array($0) }
    var headers: [Header] = []
    message.eachHeader { name, value in headers.append(Header(name, value.map { Array($0) })) }
    self.headers = headers
  }
}

struct TimedOut: Error {
  let description: String
}

/// Calls `step` until it answers true; throws when the time is over.
func wait(
  for description: String, seconds: Int = 20, until step: () throws -> Bool
) throws {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while try !step() {
    if ContinuousClock.now >= deadline { throw TimedOut(description: description) }
  }
}

extension Consumer {
  /// Polls once and copies what came.
  func receive(
    _ maxRecords: Int = 100, rebalancing handler: (any RebalanceHandler)? = nil
  ) throws(KafkaError) -> [Received] {
    let batch = try poll(
      maxRecords: maxRecords, timeoutMilliseconds: 50, rebalancing: handler)
    var received: [Received] = []
    batch.eachMessage { received.append(Received($0)) }
    return received
  }

  /// Polls until there are `count` records, and returns them without signals.
  func records(
    _ count: Int, maxRecords: Int = 100, rebalancing handler: (any RebalanceHandler)? = nil
  ) throws -> [Received] {
    var records: [Received] = []
    try wait(for: "\(count) records") {
      let received = try receive(maxRecords, rebalancing: handler)
      records += received.filter { $0.kind == .record }
      return records.count >= count
    }
    return records
  }
}

/// Notes what the group says, and starts partitions where it is told to.
final class Recorder: RebalanceHandler {
  enum Event: Equatable {
    case assigned([TopicPartition])
    case revoked([TopicPartition])
    case lost([TopicPartition])
  }

  var events: [Event] = []
  var owned: Set<TopicPartition> = []
  var starts: [TopicPartition: Int64] = [:]
  /// What else to do within the callbacks.
  var onAssigned: (Consumer) throws(KafkaError) -> Void = { _ throws(KafkaError) in }
  var onRevoked: (Consumer) throws(KafkaError) -> Void = { _ throws(KafkaError) in }

  func assigned(
    _ partitions: [TopicPartition], by consumer: Consumer
  ) throws(KafkaError) -> [PartitionOffset] {
    events.append(.assigned(partitions.sorted()))
    try onAssigned(consumer)
    owned.formUnion(partitions)
    return partitions.compactMap { partition in
      starts[partition].map { PartitionOffset(partition, $0) }
    }
  }

  func revoked(_ partitions: [TopicPartition], by consumer: Consumer) throws(KafkaError) {
    events.append(.revoked(partitions.sorted()))
    owned.subtract(partitions)
    try onRevoked(consumer)
  }

  func lost(_ partitions: [TopicPartition], by consumer: Consumer) throws(KafkaError) {
    events.append(.lost(partitions.sorted()))
    owned.subtract(partitions)
  }
}

func partitions(_ topic: String, _ numbers: Int32...) -> [TopicPartition] {
  numbers.map { TopicPartition(topic: topic, partition: $0) }
}
