import Kafka
import System5Core
import System5Wire
import System5Worker

/// What an import does with one shard of a file, or why it does not fit. Pure.
struct ImportPlan: Equatable {
  /// What there is where the shard would go.
  struct Situation {
    /// Of the input topic.
    var partitionCount: Int32
    /// What the log has: its first offset, and that of its next record.
    var log: Range<Int64>
    var committed: Int64?
    var places: [CheckpointPlace]
    var rules: Rules
  }

  /// What the person allows.
  struct Permissions {
    var setsOffsets = false
    var takesOtherRules = false
  }

  let shard: CheckpointFileHeader.Shard
  /// Whether it lies there already.
  let isThere: Bool
  /// Whether the group's offset is set to its position.
  let setsOffset: Bool
  /// What a person should know, as sentences.
  let remarks: [String]

  init(
    _ shard: CheckpointFileHeader.Shard, _ situation: Situation, _ permissions: Permissions
  ) throws(CommandFailure) {
    self.shard = shard
    try Self.checkLog(shard, situation)
    if !permissions.takesOtherRules, !shard.manifest.wasMade(under: situation.rules) {
      throw Self.misfit(
        shard,
        "was made under other rules than those in force here: --rules-file names its own, "
          + "--any-rules takes it for workers that have them")
    }
    setsOffset = shard.manifest.position > situation.committed ?? 0
    if setsOffset, !permissions.setsOffsets {
      let committed = situation.committed.map { "has committed \($0)" } ?? "has committed nothing"
      throw Self.misfit(
        shard,
        "stands at \(shard.manifest.position), but the group \(committed), and a worker would "
          + "refuse it: --set-offsets sets the group's offset to it")
    }
    isThere = situation.places.contains { $0.intact == shard.manifest }
    remarks = Self.remarks(shard, situation, setsOffset: setsOffset)
  }

  private static func checkLog(
    _ shard: CheckpointFileHeader.Shard, _ situation: Situation
  ) throws(CommandFailure) {
    try checkPartitionCount(of: shard, situation.partitionCount)
    let (position, log) = (shard.manifest.position, situation.log)
    if position > log.upperBound {
      throw misfit(
        shard, "stands at \(position), but the log here ends at \(log.upperBound)")
    }
    if position < log.lowerBound {
      throw misfit(
        shard,
        "stands at \(position), but the log here begins at \(log.lowerBound): the records "
          + "between are gone, so there is nothing to go on from")
    }
  }

  static func checkPartitionCount(
    of shard: CheckpointFileHeader.Shard, _ count: Int32
  ) throws(CommandFailure) {
    if shard.partitionCount == count { return }
    throw misfit(
      shard,
      "comes from a topic with \(shard.partitionCount) partitions, and here it has \(count): "
        + "keys lie in other partitions")
  }

  private static func misfit(
    _ shard: CheckpointFileHeader.Shard, _ reason: String
  ) -> CommandFailure {
    CommandFailure(.configuration, "the checkpoint of \(shard.name) \(reason)")
  }

  private static func remarks(
    _ shard: CheckpointFileHeader.Shard, _ situation: Situation, setsOffset: Bool
  ) -> [String] {
    let committed = setsOffset ? shard.manifest.position : situation.committed ?? 0
    var remarks: [String] = []
    for place in situation.places {
      if case .faulty(.unknownVersion) = place.condition {
        remarks.append("the one at \(place.position) is of a later System5: a worker stops at it")
      }
      guard let manifest = place.intact, manifest.position > shard.manifest.position
      else { continue }
      remarks.append(
        manifest.position > committed
          ? "there is one at \(manifest.position), beyond the group's offset \(committed): a worker "
            + "stops at it"
          : "there is one at \(manifest.position): a worker uses that one")
    }
    return remarks
  }
}

extension ImportPlan {
  /// One line for people.
  ///
  /// - Parameter isDry: whether nothing is done.
  func line(isDry: Bool) -> String {
    let would = isDry ? "would be " : ""
    let position = shard.manifest.position
    let place = isThere ? "is there already" : "\(would)written"
    let offset = setsOffset ? ", the group's offset \(would)set to \(position)" : ""
    return "\(shard.name): position \(position), \(shard.manifest.byteCount) bytes, "
      + place + offset
  }

  /// One object for programs.
  var json: OrderedJSON {
    .object([
      .init("topic", .string(shard.input.suffix)),
      .init("partition", .integer(Int64(shard.partition))),
      .init("position", .integer(shard.manifest.position)),
      .init("bytes", .integer(shard.manifest.byteCount)),
      .init("is_there", .bool(isThere)),
      .init("sets_offset", .bool(setsOffset)),
      .init("remarks", .list(remarks.map { .string($0) })),
    ])
  }
}
