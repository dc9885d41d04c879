import Kafka
import System5Wire
import System5Worker

/// Checkpoints on the model's compacted topics, read and written some records at a time as the
/// world moves.
final class ModelCheckpoints: CheckpointStore {
  private struct Reading {
    let request: CheckpointRequest
    var shelf: CheckpointShelf
    var position: Int64 = 0
  }

  private struct Writing {
    let snapshot: ShardSnapshot
    var records: CheckpointRecords
  }

  private unowned let process: SimulatedProcess
  private let group: String
  private var readings: [Reading] = []
  private var writing: Writing?
  private var loads: [CheckpointLoad] = []
  private var writes: [CheckpointWrite] = []
  /// Until when nothing moves.
  private var stallsUntil: Duration = .zero
  private var isClosed = false

  init(process: SimulatedProcess, _ settings: CheckpointStoreSettings) {
    self.process = process
    group = settings.group
  }

  private var world: SimulatedWorld { process.world }
  private var mistakes: MistakeMemory { process.mistakes }
  let loadProgress = ""

  func load(_ requests: [CheckpointRequest]) {
    readings += requests.map { Reading(request: $0, shelf: CheckpointShelf(group: group)) }
  }

  func takeLoads() -> [CheckpointLoad] {
    defer { loads = [] }
    return loads
  }

  var isWriting: Bool { writing != nil }

  func write(_ snapshot: ShardSnapshot) {
    let snapshot = mistakes.snapshot(snapshot)
    do throws(CheckpointError) {
      writing = Writing(
        snapshot: snapshot,
        records: try CheckpointRecords(
          snapshot, group: group, chunkBytes: world.settings.chunkBytes))
      if mistakes.mistake == .predecessorsRemovedFirst { removePredecessors(of: snapshot) }
    } catch {
      writes.append(CheckpointWrite(snapshot: snapshot, outcome: .failed("\(error)")))
    }
  }

  func takeWrites() -> [CheckpointWrite] {
    defer { writes = [] }
    return writes
  }

  func close() {
    isClosed = true
    readings = []
    writing = nil
  }

  // MARK: The background

  func tick() {
    if isClosed || stallsUntil > world.now { return }
    if isWriting || !readings.isEmpty, world.strikes(.slowCheckpoint, process.name) {
      stallsUntil = world.now + .milliseconds(100 + world.below(12_000))
    }
    for _ in 0...world.below(6) { read() }
    if world.settings.hasSlowWrites {
      if world.chance(300) { writeOne() }
    } else {
      for _ in 0...world.below(6) { writeOne() }
    }
  }

  private func read() {
    guard var reading = readings.first else { return }
    let log = world.broker.checkpointLog(reading.request.partition)
    for entry in log.read(from: reading.position, limit: 8) {
      entry.key.withUnsafeBytes { key in
        RawBytes.lend(entry.value) { reading.shelf.add(key: key, value: $0) }
      }
      reading.position = entry.offset + 1
    }
    readings[0] = reading
    if reading.position < log.end { return }
    readings.removeFirst()
    mistakes.mendHashes(in: &reading.shelf, of: log, group: group)
    loads.append(mistakes.loaded(reading.shelf.answer(reading.request)))
  }

  private func writeOne() {
    guard writing != nil, let partition = writing?.snapshot.partition else { return }
    if let record = writing?.records.next() {
      world.broker.checkpointLog(partition).append(key: record.key, value: record.value)
    } else if let done = writing, let manifest = done.records.manifest {
      writes.append(
        CheckpointWrite(
          snapshot: done.snapshot, outcome: .written(manifest),
          chunkCount: done.records.chunkCount))
      writing = nil
    }
  }

  private func removePredecessors(of snapshot: ShardSnapshot) {
    let log = world.broker.checkpointLog(snapshot.partition)
    for position in snapshot.shelf.chunkCounts.keys.sorted() {
      log.append(key: CheckpointKey.manifest(at: position).bytes(group: group), value: nil)
    }
  }
}

enum RawBytes {
  /// Lends bytes that may be absent.
  static func lend(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Void) {
    guard let bytes else { return body(nil) }
    bytes.withUnsafeBytes { body($0) }
  }
}
