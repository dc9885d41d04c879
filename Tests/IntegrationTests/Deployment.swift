import Foundation
import Kafka
import Testing

/// Topics of one test's own, told apart by their prefix, and the workers on them.
final class Deployment {
  let prefix: String
  let folder: Folder
  private let brokers: String
  private let settings: [String]
  private var workers: [RunningWorker] = []
  /// Others that end with the test.
  var programs: [RunningWorker] = []

  static let inputs = ["policy.events", "adaptation.events", "variety.events"]
  static let outputs = ["patterns", "alerts", "gap-analyses", "dead-letters"]

  /// - Parameters:
  ///   - brokers: those of the test run unless given.
  ///   - settings: further options of every command.
  init(brokers: String? = nil, settings: [String] = []) throws {
    self.settings = settings
    self.brokers = try #require(brokers ?? Program.brokers)
    prefix = "it\(UInt32.random(in: 0 ... .max))."
    folder = try Folder()
    let applied = try Program.run(["topics", "apply"] + connection)
    try #require(applied.status == 0, "\(applied.errors)")
  }

  deinit {
    for program in workers + programs where program.process.isRunning { program.kill9() }
    folder.remove()
  }

  var connection: [String] { ["--brokers", brokers, "--prefix", prefix] + settings }

  /// Emits record lines as a user would; their topics are given with the default prefix.
  func emit(_ lines: [String]) throws {
    let emitting = try startEmitting(lines)
    emitting.waitUntilExit()
    let errors = String(decoding: try folder.read("err"), as: UTF8.self)
    try #require(emitting.terminationStatus == 0, "\(errors)")
  }

  func startEmitting(_ lines: [String]) throws -> Process {
    let own = lines.map {
      $0.replacingOccurrences(of: "\"topic\":\"system5.", with: "\"topic\":\"\(prefix)")
    }
    let file = try folder.write(own, to: "emitted.jsonl")
    return try Program.start(["emit", file] + connection, in: folder)
  }

  /// Runs another command on this deployment to its end.
  func tool(_ arguments: [String], group: Bool = true) throws -> Program.Finished {
    try Program.run(arguments + connection + (group ? ["--group", prefix + "group"] : []))
  }

  @discardableResult
  func startWorker(
    _ extra: [String] = [], environment: [String: String] = [:],
    executable: String = Program.executable
  ) throws -> RunningWorker {
    let log = "worker-\(workers.count + 1).log"
    let process = try Program.start(
      [
        "run", "--group", prefix + "group", "--session-timeout-ms", "2000",
        "--set", "http.bind=127.0.0.1:0",
      ] + connection + extra,
      in: folder, log: log, executable: executable, environment: environment)
    let worker = RunningWorker(process: process, folder: folder, logName: log)
    workers.append(worker)
    return worker
  }

  /// Waits until these workers, and no others, share all partitions: a group that is still sharing
  /// them out does not survive the death of its leader at the local broker.
  func waitUntilSettled(_ workers: [RunningWorker]) throws {
    let all = Deployment.inputs.count * 4
    try wait(seconds: 60, "a settled group: \(log)") {
      let owned = workers.map(\.owned)
      return owned.allSatisfy { !$0.isEmpty } && owned.reduce(0) { $0 + $1.count } == all
        && owned.reduce(Set()) { $0.union($1) }.count == all
    }
  }

  /// How many records of the inputs the group has committed.
  func committedRecords(of records: [Seen]) throws -> Int {
    let consumer = try Consumer(configuration: configuration(group: prefix + "group"))
    let ends = Dictionary(grouping: records, by: \.topicPartition).mapValues(\.count)
    let committed = try consumer.committed(Array(ends.keys), timeoutMilliseconds: 10_000)
    try consumer.close()
    return ends.keys.reduce(0) { $0 + Int(committed[$1] ?? 0) }
  }

  func waitUntilCommitted(_ records: [Seen], seconds: Double = 120) throws {
    try wait(seconds: seconds, "the group to commit \(records.count) records: \(log)") {
      try committedRecords(of: records) >= records.count
    }
  }

  /// The end of every worker's log.
  var log: String { workers.map { "\n" + $0.log.suffix(1500) }.joined() }

  private func configuration(group: String) -> ClientConfiguration {
    [
      "bootstrap.servers": brokers, "group.id": group, "enable.auto.commit": "false",
      "enable.partition.eof": "true", "isolation.level": "read_committed",
    ]
  }

  /// A record as a consumer sees it.
  struct Seen: Hashable {
    let topicPartition: TopicPartition
    let offset: Int64
    let timestamp: Int64
    let key: [UInt8]?
    let value: [UInt8]?
    let headers: [String: [UInt8]]
  }

  /// All records of some topics, in order within each partition.
  func records(of suffixes: [String], partitions: Int32 = 4) throws -> [Seen] {
    let consumer = try Consumer(configuration: configuration(group: prefix + "reader"))
    var open = Set<TopicPartition>()
    for suffix in suffixes {
      for partition in 0..<partitions {
        open.insert(TopicPartition(topic: prefix + suffix, partition: partition))
      }
    }
    try consumer.assign(open.map { PartitionOffset($0, LogicalOffset.beginning) })
    var seen: [Seen] = []
    try wait(seconds: 60, "the ends of \(suffixes)") {
      let batch = try consumer.poll(maxRecords: 10_000, timeoutMilliseconds: 100)
      try batch.eachMessage { message in
        switch message.kind {
        case .endOfPartition: open.remove(message.topicPartition)
        case .failure(let error): throw error
        case .record:
          var headers: [String: [UInt8]] = [:]
          message.eachHeader { name, value in headers[name] = value.map { Array($0) } ?? [] }
          seen.append(
            Seen(
              topicPartition: message.topicPartition, offset: message.offset,
              timestamp: message.timestampMilliseconds ?? -1,
              key: message.key.map { Array($0) }, value: message.value.map { Array($0) },
              headers: headers))
        }
      }
      return open.isEmpty
    }
    try consumer.close()
    return seen.sorted {
      ($0.topicPartition, $0.offset) < ($1.topicPartition, $1.offset)
    }
  }
}
