import Foundation
import Kafka
import Testing

/// A checkpoint of a shard, as `checkpoint list --json` tells of it.
struct ListedCheckpoint: Decodable {
  let topic: String
  let partition: Int32
  let state: String
  let intact: Bool
  let position: Int64?
  let committed: Int64?
  let chunks: Int64?
  let reason: String?

  var shard: TopicPartition { TopicPartition(topic: topic, partition: partition) }
}

/// A shard with two checkpoints.
struct ShelvedShard {
  let partition: TopicPartition
  let older: ListedCheckpoint
  let newer: ListedCheckpoint
}

extension Deployment {
  /// So many checkpoints that every shard soon has two.
  static let eager = [
    "--set", "checkpoint.records=100", "--set", "checkpoint.interval.ms=200",
    "--set", "batch.records=100",
  ]

  func checkpoints() throws -> [ListedCheckpoint] {
    let listed = try tool(["checkpoint", "list", "--json"])
    try #require(listed.status == 0, "\(listed.errors)")
    return try listed.lines.map { try JSONDecoder().decode(ListedCheckpoint.self, from: $0) }
  }

  /// Has a worker take two portions of records, and shelve all shards after each.
  func shelve(_ lines: [String]) throws {
    let worker = try startWorker(Deployment.eager)
    for portion in [lines[..<(lines.count / 2)], lines[(lines.count / 2)...]] {
      try emit(Array(portion))
      try waitUntilShelved(try records(of: Deployment.inputs))
    }
    #expect(try worker.stop() == 0, "\(log)")
  }

  private func waitUntilShelved(_ inputs: [Seen]) throws {
    try waitUntilCommitted(inputs)
    try wait(seconds: 30, "a checkpoint of every shard: \(log)") {
      let used = try checkpoints().filter { $0.state == "used" && $0.position == $0.committed }
      return used.count == Set(inputs.map(\.topicPartition)).count
    }
  }

  /// In the order of their names.
  func shelvedShards() throws -> [ShelvedShard] {
    let places = Dictionary(grouping: try checkpoints().filter(\.intact), by: \.shard)
    return places.keys.sorted().compactMap { partition in
      let both = (places[partition] ?? []).sorted { $0.position ?? 0 < $1.position ?? 0 }
      guard both.count == 2, both[0].position != both[1].position else { return nil }
      return ShelvedShard(partition: partition, older: both[0], newer: both[1])
    }
  }

  /// The topic and partition that a shard's checkpoints lie in.
  private func place(of shard: TopicPartition) -> TopicPartition {
    TopicPartition(
      topic: shard.topic.replacingOccurrences(of: ".events", with: ".checkpoints"),
      partition: shard.partition)
  }

  private func key(_ checkpoint: ListedCheckpoint, _ name: String) -> [UInt8] {
    Array("\(prefix)group/\(checkpoint.position ?? -1)/\(name)".utf8)
  }

  /// Puts something else in the place of a record of a checkpoint; nil takes it away.
  func overwrite(_ checkpoint: ListedCheckpoint, _ name: String, _ value: [UInt8]?) throws {
    let producer = try Producer(configuration: ["bootstrap.servers": try #require(Program.brokers)])
    let place = place(of: checkpoint.shard)
    func produce(_ value: UnsafeRawBufferPointer?) throws {
      try key(checkpoint, name).withUnsafeBytes {
        try producer.produce(
          topic: place.topic, partition: place.partition, key: $0, value: value)
      }
    }
    if let value { try value.withUnsafeBytes { try produce($0) } } else { try produce(nil) }
    try producer.flush(timeoutMilliseconds: 10_000)
    #expect(producer.takeDeliveryFailure() == nil)
  }

  /// The newest record of a checkpoint under a name.
  func content(of checkpoint: ListedCheckpoint, _ name: String) throws -> [UInt8] {
    let place = place(of: checkpoint.shard)
    let records = try records(of: [String(place.topic.dropFirst(prefix.count))])
    let key = key(checkpoint, name)
    let found = records.last { $0.topicPartition == place && $0.key == key }
    return try #require(found?.value)
  }

  func flipOneBit(of checkpoint: ListedCheckpoint) throws {
    var chunk = try content(of: checkpoint, "0")
    chunk[chunk.count / 2] ^= 4
    try overwrite(checkpoint, "0", chunk)
  }

  /// Commits an offset for the group, which has no members.
  func setOffset(of partition: TopicPartition, to offset: Int64) throws {
    let consumer = try Consumer(configuration: [
      "bootstrap.servers": try #require(Program.brokers), "group.id": prefix + "group",
      "enable.auto.commit": "false",
    ])
    try consumer.commit([PartitionOffset(partition, offset)])
    try consumer.close()
  }
}

extension RunningWorker {
  /// Waits until it ends by itself.
  func exitStatus() throws -> Int32 {
    try wait(seconds: 60, "the worker to end: \(log)") { !process.isRunning }
    return process.terminationStatus
  }

  /// The lines of its log that are about a partition.
  func log(of partition: TopicPartition, _ message: String) -> [String] {
    log.split(separator: "\n").map(String.init).filter { line in
      line.contains("topic=\(partition.topic) ") && line.contains(message)
        && line.contains(" partition=\(partition.partition) ")
    }
  }
}
