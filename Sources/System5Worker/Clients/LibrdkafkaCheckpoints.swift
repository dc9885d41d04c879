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
    results.beganWriting()
    writing.async { [writer] in writer.write(snapshot) }
  }

  func takeWrites() -> [CheckpointWrite] { results.takeWrites() }

  func close() { results.close() }
}

/// What the two queues have to say to the pipeline's thread, and it to them.
final class CheckpointResults: Sendable {
  private struct State {
    var loads: [CheckpointLoad] = []
    var writes: [CheckpointWrite] = []
    var isWriting = false
    var isClosed = false
    var progress = ""
  }

  private let state = Mutex(State())

  var isClosed: Bool { state.withLock { $0.isClosed } }
  var isWriting: Bool { state.withLock { $0.isWriting } }
  var progress: String { state.withLock { $0.progress } }

  func close() { state.withLock { $0.isClosed = true } }
  func beganWriting() { state.withLock { $0.isWriting = true } }
  func set(progress: String) { state.withLock { $0.progress = progress } }
  func add(_ load: CheckpointLoad) { state.withLock { $0.loads.append(load) } }

  func add(_ write: CheckpointWrite) {
    state.withLock {
      $0.writes.append(write)
      $0.isWriting = false
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

/// Answers requests out of the checkpoint topics.
///
/// `@unchecked`: used on the reading queue only, one call after another.
private final class CheckpointReader: @unchecked Sendable {
  private let settings: CheckpointStoreSettings
  private let results: CheckpointResults
  private var reader: CheckpointTopicReader?

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
      let reader = try ready()
      try reader.read(Array(open.keys)) { _ in
        tellProgress(open.count, bytes: open.values.reduce(0) { $0 + $1.shelf.bytes })
        return !results.isClosed
      } record: { message in
        open[message.topicPartition]?.shelf.add(key: message.key, value: message.value)
      } ended: { partition in
        guard let (request, shelf) = open.removeValue(forKey: partition) else { return }
        results.add(shelf.answer(request))
      }
      results.set(progress: "")
    } catch {
      reader = nil
      for (request, _) in open.values { results.add(failure(error, request)) }
    }
  }

  private func ready() throws -> CheckpointTopicReader {
    if let reader { return reader }
    let new = try CheckpointTopicReader(settings)
    reader = new
    return new
  }

  private func tellProgress(_ count: Int, bytes: Int) {
    results.set(progress: "\(count) checkpoints, \(bytes >> 20) MiB so far")
  }

  private func failure(_ error: any Error, _ request: CheckpointRequest) -> CheckpointLoad {
    let error = error as? KafkaError ?? .application("\(error)")
    return CheckpointLoad(
      request: request, outcome: .failed(error), rejections: [], shelf: ShelfState())
  }
}

/// Writes snapshots to the checkpoint topics.
///
/// `@unchecked`: used on the writing queue only, one call after another.
private final class CheckpointRecordWriter: @unchecked Sendable {
  private let settings: CheckpointStoreSettings
  private let results: CheckpointResults
  private var writer: CheckpointTopicWriter?

  init(_ settings: CheckpointStoreSettings, _ results: CheckpointResults) {
    self.settings = settings
    self.results = results
  }

  func write(_ snapshot: ShardSnapshot) {
    do throws(CheckpointError) {
      var records = try CheckpointRecords(snapshot, group: settings.group)
      let outcome = write(&records, of: snapshot)
      results.add(
        CheckpointWrite(snapshot: snapshot, outcome: outcome, chunkCount: records.chunkCount))
    } catch {
      results.add(CheckpointWrite(snapshot: snapshot, outcome: .failed("\(error)")))
    }
  }

  private func write(
    _ records: inout CheckpointRecords, of snapshot: ShardSnapshot
  ) -> CheckpointWrite.Outcome {
    let partition = TopicPartition(
      topic: settings.topic(snapshot.input), partition: snapshot.partition.partition)
    do {
      let written = try ready().write(&records, to: partition) { !results.isClosed }
      return written.map { .written($0) } ?? .failed("it was given up")
    } catch {
      writer = nil
      return .failed("\(error)")
    }
  }

  private func ready() throws -> CheckpointTopicWriter {
    if let writer { return writer }
    let new = try CheckpointTopicWriter(settings)
    writer = new
    return new
  }
}
