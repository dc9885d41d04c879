import Kafka
import System5Wire
import System5Worker

/// A member of the forwarders' group, which reads each partition that it gets from its beginning.
/// Confined to one thread.
final class AlertReader<Machine: ForwardMachine> {
  private let consumer: Consumer
  private let owner = Owner()
  private let watch: ClientWatch
  private var isPaused = false

  /// Told within a poll that partitions come and go.
  private final class Owner: RebalanceHandler {
    var changes: [Change] = []

    enum Change {
      case assigned(TopicPartition, committed: Int64?)
      case dropped(TopicPartition)
    }

    func assigned(
      _ partitions: [TopicPartition], by consumer: Consumer
    ) throws(KafkaError) -> [PartitionOffset] {
      let committed = try consumer.committed(partitions, timeoutMilliseconds: 30_000)
      for partition in partitions {
        changes.append(.assigned(partition, committed: committed[partition]))
      }
      return partitions.map { PartitionOffset($0, LogicalOffset.beginning) }
    }

    func revoked(_ partitions: [TopicPartition], by consumer: Consumer) {
      changes += partitions.map { .dropped($0) }
    }

    func lost(_ partitions: [TopicPartition], by consumer: Consumer) {
      changes += partitions.map { .dropped($0) }
    }
  }

  init(_ settings: Settings, group: String, watch: ClientWatch) throws {
    self.watch = watch
    var configuration = try settings.readerConfiguration()
    configuration["group.id"] = group
    configuration["auto.offset.reset"] = "earliest"
    configuration["partition.assignment.strategy"] = "cooperative-sticky"
    configuration["allow.auto.create.topics"] = "false"
    configuration["session.timeout.ms"] = settings.string("session.timeout.ms")
    let heartbeat = max(1, min(3_000, settings.integer("session.timeout.ms") / 3))
    configuration["heartbeat.interval.ms"] = "\(heartbeat)"
    let pollInterval = max(
      settings.integer("max.poll.interval.ms"), settings.integer("session.timeout.ms"))
    configuration["max.poll.interval.ms"] = "\(pollInterval)"
    consumer = try Consumer(configuration: configuration, events: watch.events)
  }

  func join(_ topic: String) throws { try consumer.subscribe([topic]) }

  /// Hands what has come within a moment to the machine.
  func poll(into machine: inout Machine, milliseconds: Int) throws {
    try pauseOrResume(machine)
    let batch = try consumer.poll(
      maxRecords: 1_000, timeoutMilliseconds: milliseconds, rebalancing: owner)
    apply(to: &machine)
    try batch.eachMessage { message in
      switch message.kind {
      case .record: machine.arrived(AlertRecord(RecordLine(message)), at: .present)
      case .endOfPartition:
        machine.reachedEnd(of: message.topicPartition, at: message.offset)
      case .failure(let error):
        guard error.isTransport || error.isTimeout else { throw error }
      }
    }
    if !batch.isEmpty { watch.brokerAnswered() }
  }

  /// Commits what may be; what cannot be now is tried again with the next.
  func commit(_ machine: inout Machine) throws(KafkaError) {
    let offsets = machine.progress.commits
    if offsets.isEmpty { return }
    try consumer.commit(offsets)
    machine.progress.committed(offsets)
  }

  func close() throws { try consumer.close(rebalancing: owner) }

  private func apply(to machine: inout Machine) {
    for change in owner.changes {
      switch change {
      case .assigned(let partition, let committed):
        machine.assigned(partition, committed: committed)
      case .dropped(let partition): machine.dropped(partition)
      }
    }
    owner.changes = []
  }

  private func pauseOrResume(_ machine: Machine) throws {
    let partitions = machine.progress.partitions
    if !machine.wantsRecords, !isPaused {
      try consumer.pause(partitions)
      isPaused = true
    } else if machine.wantsRecords, isPaused {
      try consumer.resume(partitions)
      isPaused = false
    }
  }
}
