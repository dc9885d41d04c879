import Kafka
import System5Core
import System5Wire
import System5Worker

/// The group and the topics that checkpoints are brought to.
final class ImportTarget {
  private let settings: Settings
  private let rules: Rules
  private let group: String
  private let inputs: CheckpointInputs
  private let troubles = ClientTroubles()

  init(_ settings: Settings) throws {
    self.settings = settings
    rules = try settings.rules()
    group = settings.string("group")
    inputs = try CheckpointInputs(settings, InputChoice())
  }

  func close() throws { try inputs.close() }

  /// A worker would write over what is brought, and commit what it knows. Brokers may not tell.
  func checkGroupIsIdle() throws {
    let admin = try Admin(configuration: settings.clientConfiguration(), events: troubles.events)
    do {
      let count = try admin.memberCount(
        ofGroup: group, timeoutMilliseconds: Admin.patienceMilliseconds)
      if count > 0 {
        throw CommandFailure(
          .tryAgain,
          "group \(group) has \(count) active \(count == 1 ? "member" : "members"): "
            + "stop its workers first")
      }
    } catch let error as KafkaError {
      if error.isAuthentication { throw CommandFailure(error, while: "asking for the group") }
      Terminal.say(
        "system5: the brokers do not tell whether group \(group) has members (\(error.name)); "
          + "its workers must not run")
    }
  }

  /// What is to be done with each; throws if one of them does not fit.
  func plans(
    for shards: [CheckpointFileHeader.Shard], _ permissions: ImportPlan.Permissions
  ) throws -> [ImportPlan] {
    try checkPartitions(of: shards)
    let places = shards.map { inputs.partition($0.partition, of: $0.input) }
    let partitions = places.map(\.partition)
    let starts = try inputs.reader.starts(of: partitions)
    let ends = try inputs.reader.ends(of: partitions)
    let committed = try GroupOffsets.committed(by: group, of: partitions, settings)
    return try zip(shards, places).map { shard, place in
      let shelf = try inputs.log.shelf(of: place, group: group)
      let start = starts[place.partition] ?? 0
      let situation = ImportPlan.Situation(
        partitionCount: inputs.partitionCount(of: shard.input),
        log: start..<max(start, ends[place.partition] ?? 0),
        committed: committed[place.partition],
        places: shelf.inspect(shard.input, rules: rules), rules: rules)
      return try ImportPlan(shard, situation, permissions)
    }
  }

  func write(_ content: FileContent, _ plan: ImportPlan) throws {
    if plan.isThere { return }
    let place = inputs.partition(plan.shard.partition, of: plan.shard.input)
    // Nothing is taken away: the worker that goes on from it does that.
    var records = CheckpointRecords(content, at: plan.shard.manifest.position, group: group)
    guard try inputs.log.write(&records, to: place) else {
      throw CommandFailure(.badData, "the file has changed while it was read")
    }
  }

  /// A plain commit, by no member: brokers refuse it while the group has any.
  func setOffsets(_ plans: [ImportPlan]) throws {
    guard !plans.isEmpty else { return }
    let offsets = plans.map {
      PartitionOffset(
        inputs.partition($0.shard.partition, of: $0.shard.input).partition,
        $0.shard.manifest.position)
    }
    try GroupOffsets.commit(offsets, by: group, settings)
  }

  /// What there is no partition for can only come from a topic with more.
  private func checkPartitions(of shards: [CheckpointFileHeader.Shard]) throws(CommandFailure) {
    for shard in shards {
      try ImportPlan.checkPartitionCount(of: shard, inputs.partitionCount(of: shard.input))
    }
  }
}
