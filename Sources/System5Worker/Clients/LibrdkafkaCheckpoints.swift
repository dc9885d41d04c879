import Dispatch
import Kafka
import Synchronization
import System5Core
import System5Wire

/// Checkpoints in Kafka: a queue of its own for reading and one for writing, each with its own
/// client, made when first needed.
final class LibrdkafkaCheckpoints: CheckpointStore {
  private let reader: CheckpointReader
  private let writer: CheckpointRecordWriter
  private let reading = DispatchQueue(label: "system5.checkpoints.reading")
  private let writing = DispatchQueue(label: "system5.checkpoints.writing")
  private let results = CheckpointResults()

  init(_ settings: CheckpointStoreSettings) {
    reader = CheckpointReader(settings, results)
    writer = CheckpointRecordWriter(settings, results)
  }

  func load(_ requests: [CheckpointRequest]) {
    reading.async { [reader] in reader.read(requests) }
  }

  func takeLoads() -> [CheckpointLoad] { results.takeLoads() }

  var loadProgress: String { results.progress }

  var isWriting: Bool { results.isWriting }

  func write(_ snapshot: ShardSnapshot) {
    results.beganWriting(snapshot.partition)
    writing.async { [writer] in writer.write(snapshot) }
  }

  func takeWrites() -> [CheckpointWrite] { results.takeWrites() }

  func giveUpWrite(of partitions: [TopicPartition]) { results.giveUpWrite(of: partitions) }

  func close() { results.close() }
}

/// What the two queues have to say to the pipeline's thread, and it to them.
final class CheckpointResults: Sendable {
  private struct State {
    var loads: [CheckpointLoad] = []
    var writes: [CheckpointWrite] = []
    /// Whose checkpoint is being written.
    var writing: TopicPartition?
    var isWriteGivenUp = false
    var isClosed = false
    var progress = ""
  }

  private let state = Mutex(State())

  var isClosed: Bool { state.withLock { $0.isClosed } }
  var isWriting: Bool { state.withLock { $0.writing != nil } }
  /// Whether nothing more of the write may be sent.
  var isWriteGivenUp: Bool { state.withLock { $0.isClosed || $0.isWriteGivenUp } }
  var progress: String { state.withLock { $0.progress } }

  func close() { state.withLock { $0.isClosed = true } }

  func beganWriting(_ partition: TopicPartition) {
    state.withLock { state in
      state.writing = partition
      state.isWriteGivenUp = false
    }
  }

  func giveUpWrite(of partitions: [TopicPartition]) {
    state.withLock { state in
      if let writing = state.writing, partitions.contains(writing) { state.isWriteGivenUp = true }
    }
  }

  func set(progress: String) { state.withLock { $0.progress = progress } }
  func add(_ load: CheckpointLoad) { state.withLock { $0.loads.append(load) } }

  func add(_ write: CheckpointWrite) {
    state.withLock {
      $0.writes.append(write)
      $0.writing = nil
    }
  }

  func takeLoads() -> [CheckpointLoad] {
    state.withLock { state in
      defer { state.loads = [] }
      return state.loads
    }
  }

  func takeWrites() -> [CheckpointWrite] {
    state.withLock { state in
      defer { state.writes = [] }
      return state.writes
    }
  }
}

/// Reads checkpoint partitions from the first record to the last.
///
/// `@unchecked`: used on the reading queue only, one call after another.
private final class CheckpointReader: @unchecked Sendable {
  private let settings: CheckpointStoreSettings
  private let results: CheckpointResults
  private var consumer: Consumer?

  init(_ settings: CheckpointStoreSettings, _ results: CheckpointResults) {
    self.settings = settings
    self.results = results
  }

  func read(_ requests: [CheckpointRequest]) {
    var open: [TopicPartition: (request: CheckpointRequest, shelf: CheckpointShelf)] = [:]
    for request in requests {
      let partition = TopicPartition(
        topic: settings.topic(request.input), partition: request.partition.partition)
      open[partition] = (request, CheckpointShelf(group: settings.group))
    }
    do {
      let consumer = try ready()
      try consumer.assign(open.keys.sorted().map { PartitionOffset($0, LogicalOffset.beginning) })
      while !open.isEmpty, !results.isClosed { try take(from: consumer, &open) }
      try consumer.assign([])
      results.set(progress: "")
    } catch {
      self.consumer = nil
      for (request, _) in open.values { results.add(failure(error, request)) }
    }
  }

  private func ready() throws -> Consumer {
    if let consumer { return consumer }
    let new = try Consumer(configuration: settings.consumer, events: settings.events)
    consumer = new
    return new
  }

  private func take(
    from consumer: Consumer,
    _ open: inout [TopicPartition: (request: CheckpointRequest, shelf: CheckpointShelf)]
  ) throws(KafkaError) {
    let batch = try consumer.poll(maxRecords: 64, timeoutMilliseconds: 100)
    try batch.eachMessage { (message) throws(KafkaError) in
      switch message.kind {
      case .record:
        open[message.topicPartition]?.shelf.add(key: message.key, value: message.value)
      case .endOfPartition:
        guard let (request, shelf) = open.removeValue(forKey: message.topicPartition) else {
          return
        }
        results.add(shelf.answer(request))
      case .failure(let error):
        // Connections come back by themselves.
        if !error.isTransport, !error.isTimeout { throw error }
      }
    }
    let bytes = open.values.reduce(0) { $0 + $1.shelf.bytes }
    results.set(progress: "\(open.count) checkpoints, \(bytes >> 20) MiB so far")
  }

  private func failure(_ error: any Error, _ request: CheckpointRequest) -> CheckpointLoad {
    let error = error as? KafkaError ?? .application("\(error)")
    return CheckpointLoad(
      request: request, outcome: .failed(error), rejections: [], shelf: ShelfState())
  }
}

/// Writes checkpoints, record by record, each acknowledged before it counts.
///
/// `@unchecked`: used on the writing queue only, one call after another.
private final class CheckpointRecordWriter: @unchecked Sendable {
  private static let flushTimeout = 60_000
  /// How much may be on its way at a time.
  private static let window = 16

  private let settings: CheckpointStoreSettings
  private let results: CheckpointResults
  private var producer: Producer?

  init(_ settings: CheckpointStoreSettings, _ results: CheckpointResults) {
    self.settings = settings
    self.results = results
  }

  func write(_ snapshot: ShardSnapshot) {
    results.add(CheckpointWrite(snapshot: snapshot, outcome: outcome(of: snapshot)))
  }

  private func outcome(of snapshot: ShardSnapshot) -> CheckpointWrite.Outcome {
    do {
      var records = try CheckpointRecords(snapshot, group: settings.group)
      try send(&records, of: snapshot)
      guard let manifest = records.manifest else { return .failed("it was given up") }
      return .written(manifest)
    } catch {
      producer = nil
      return .failed("\(error)")
    }
  }

  private func send(_ records: inout CheckpointRecords, of snapshot: ShardSnapshot) throws {
    let producer = try ready()
    let topic = settings.topic(snapshot.input)
    var count = 0
    while let record = records.next() {
      // The manifest must not arrive where a chunk has failed.
      if record.isManifest || count % CheckpointRecordWriter.window == 0 { try flush(producer) }
      if results.isWriteGivenUp { return }
      try send(record, to: topic, snapshot.partition.partition, by: producer)
      count += 1
    }
    try flush(producer)
  }

  private func send(
    _ record: CheckpointRecords.Record, to topic: String, _ partition: Int32, by producer: Producer
  ) throws(KafkaError) {
    try withOptionalBytes(record.key) { (key) throws(KafkaError) in
      try withOptionalBytes(record.value) { (value) throws(KafkaError) in
        try producer.produce(topic: topic, partition: partition, key: key, value: value)
      }
    }
  }

  private func flush(_ producer: Producer) throws(KafkaError) {
    try producer.flush(timeoutMilliseconds: CheckpointRecordWriter.flushTimeout)
    if let failure = producer.takeDeliveryFailure() { throw failure.first }
  }

  private func ready() throws -> Producer {
    if let producer { return producer }
    let new = try Producer(configuration: settings.producer, events: settings.events)
    producer = new
    return new
  }
}
