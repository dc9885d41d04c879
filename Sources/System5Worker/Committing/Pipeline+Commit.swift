import Kafka
import System5Core
import System5Wire

/// Results and offsets, in this order: produce …, send offsets, commit the transaction; then, and
/// only then, the state is the committed state.
extension Pipeline {
  private static let attempts = 5
  /// Commit and abort end with the transaction's own timeout.
  private static let transactional = -1
  private static let plain = 10_000

  private var isTransactional: Bool { configuration.delivery == .exactlyOnce }

  func produce(_ result: ResultRecord) throws(Trouble) {
    let topic = topics.name(of: result.topic)
    try transacting { (producer) throws(KafkaError) in
      if isTransactional, !isInTransaction {
        try producer.beginTransaction()
        isInTransaction = true
      }
      try Pipeline.send(
        result, to: topic, topics.partition(of: topic, forInput: result.partition), producer)
    }
    resultCount += 1
    telemetry.countResult(to: topic)
  }

  private static func send(
    _ result: ResultRecord, to topic: String, _ partition: Int32, _ producer: Producer
  ) throws(KafkaError) {
    try lend(result.key) { (key) throws(KafkaError) in
      try lend(result.value) { (value) throws(KafkaError) in
        try producer.produce(
          topic: topic, partition: partition, key: key, value: value,
          headers: result.headers.map { Header($0.name, $0.value) },
          timestampMilliseconds: result.timestampMilliseconds)
      }
    }
  }

  private static func lend(
    _ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) throws(KafkaError) -> Void
  ) throws(KafkaError) {
    guard let bytes else { return try body(nil) }
    let outcome: Result<Void, KafkaError> = bytes.withUnsafeBytes { buffer in
      do throws(KafkaError) {
        try body(buffer)
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    try outcome.get()
  }

  /// Commits all that was applied since the last commit.
  func commit(_ consumer: Consumer) throws(Trouble) {
    let began = ContinuousClock.now
    let offsets = tasks.values.compactMap { task in
      task.uncommittedOffset.map { PartitionOffset(task.topicPartition, $0) }
    }.sorted { $0.topicPartition < $1.topicPartition }
    let hasResults = resultCount > 0
    if !offsets.isEmpty {
      if hasResults, isTransactional {
        try commitTransaction(offsets)
      } else {
        if hasResults { try flush() }
        try commitPlainly(offsets, consumer)
      }
    }
    for partition in tasks.keys { tasks[partition]?.committed() }
    forgetStep()
    telemetry.committed(withResults: hasResults, in: ContinuousClock.now - began)
    reportLag(consumer)
  }

  private func commitTransaction(_ offsets: [PartitionOffset]) throws(Trouble) {
    guard let group, group.isMember else {
      // The broker would not fence a commit without a generation.
      throw Trouble(remedy: .abort, cause: "the group does not know us at the moment")
    }
    try transacting { (producer) throws(KafkaError) in
      try producer.sendOffsets(
        offsets, group: group, timeoutMilliseconds: Pipeline.transactional)
    }
    try transacting { (producer) throws(KafkaError) in
      try producer.commitTransaction(timeoutMilliseconds: Pipeline.transactional)
    }
  }

  private func flush() throws(Trouble) {
    try transacting { (producer) throws(KafkaError) in
      try producer.flush(timeoutMilliseconds: Pipeline.plain)
      if let failure = producer.takeDeliveryFailure() { throw failure.first }
    }
  }

  /// A commit whose outcome is unknown could arrive late and put the group's offset back behind
  /// published results; a new consumer has a new generation, which fences it.
  private func commitPlainly(_ offsets: [PartitionOffset], _ consumer: Consumer) throws(Trouble) {
    let now = try consuming { () throws(KafkaError) in try consumer.groupMetadata() }
    guard let group, group.isMember, now.generation == group.generation else {
      throw Trouble(remedy: .restart, cause: "the group has gone on without us")
    }
    try consuming { () throws(KafkaError) in try consumer.commit(offsets) }
  }

  /// Makes a call to the producer, again while that is what its error asks for.
  private func transacting(
    _ body: (Producer) throws(KafkaError) -> Void
  ) throws(Trouble) {
    for attempt in 1... {
      guard let producer else { throw Trouble(remedy: .restart, cause: "there is no producer") }
      do {
        return try body(producer)
      } catch {
        let remedy = Remedy.forTransaction(error)
        guard remedy == .retry else { throw Trouble(remedy: remedy, cause: "\(error)") }
        if attempt == Pipeline.attempts {
          throw Trouble(remedy: .replaceProducer, cause: "\(error)")
        }
      }
    }
  }

  private func reportLag(_ consumer: Consumer) {
    for task in tasks.values {
      guard let marks = try? consumer.cachedWatermarks(of: task.topicPartition) else { continue }
      telemetry.lag(of: task.topicPartition, max(0, marks.high - task.position))
    }
  }
}
