import Kafka

/// Where an assigned partition starts, out of what the brokers know of it and what was kept.
enum StartPlan {
  /// Nothing was committed: publish from the start of the log.
  case fresh(at: Int64)
  /// Apply from the start of the log, and publish from the committed offset on.
  case restore(from: Int64, committed: Int64)
  /// Go on from a checkpoint's state, and publish from the committed offset on.
  case shelved(ShelvedState, committed: Int64)
  /// The state at the committed offset cannot be had, and the configuration says to start over.
  case startOver(at: Int64, ignoring: Int64)
  /// A person has to decide.
  case impossible(WorkerExit)

  /// - Parameter logStart: the first offset that the log still has.
  static func decide(
    _ load: CheckpointLoad, logStart: Int64, fromBeginning: Bool
  ) -> StartPlan {
    guard let committed = load.request.committed else {
      return fromBeginning || !load.hasRefusal
        ? .fresh(at: logStart) : .impossible(.configuration(sentence(load, logStart: logStart)))
    }
    if committed >= logStart, case .found(let shelved) = load.outcome,
      shelved.position >= logStart, fromBeginning || !load.hasRefusal
    {
      return .shelved(shelved, committed: committed)
    }
    if logStart == 0, fromBeginning || !load.hasRefusal {
      return .restore(from: 0, committed: committed)
    }
    if fromBeginning { return .startOver(at: logStart, ignoring: committed) }
    return .impossible(.configuration(sentence(load, logStart: logStart)))
  }

  /// What is missing, and what there is to do about it.
  private static func sentence(_ load: CheckpointLoad, logStart: Int64) -> String {
    let partition = load.request.partition
    let committed = load.request.committed ?? 0
    let place = "\(partition.topic), partition \(partition.partition)"
    if let refusal = load.rejections.first(where: \.isRefusal) {
      return refusal.sentence(place, committed: load.request.committed)
    }
    let found = load.rejections.map { " " + $0.reason }.joined()
    if committed < logStart {
      return "The group has committed offset \(committed) of \(place), but its log starts at "
        + "\(logStart): records between them are gone and were never applied.\(found) "
        + "--from-beginning starts over with an empty store and what is left of the log."
    }
    return "The state of \(place) cannot be restored: the group has committed offset "
      + "\(committed), but the log starts at \(logStart) and no checkpoint reaches it.\(found) "
      + "`system5 checkpoint import` brings one back; --from-beginning starts over with an empty "
      + "store."
  }
}

extension CheckpointLoad {
  /// Whether a checkpoint stands for more than the group has committed.
  var isAhead: Bool {
    rejections.contains {
      if case .ahead = $0 { true } else { false }
    }
  }

  /// Whether something was found that must not be passed over without a person's word.
  var hasRefusal: Bool { rejections.contains(where: \.isRefusal) }
}

extension CheckpointRejection {
  /// Whether it means that going on by other means would do harm.
  var isRefusal: Bool {
    switch self {
    case .ahead, .unknownVersion: true
    case .otherRules, .broken: false
    }
  }

  /// For the log, and for the sentence that ends a worker.
  var reason: String {
    switch self {
    case .ahead(let position): "A checkpoint stands at \(position)."
    case .unknownVersion(let version): "A checkpoint has the unknown format version \(version)."
    case .otherRules(let position):
      "The checkpoint at \(position) was made under other rules."
    case .broken(let reason): reason
    }
  }

  fileprivate func sentence(_ place: String, committed: Int64?) -> String {
    switch self {
    case .ahead(let position):
      "The group's offset of \(place) moved backwards: it is \(committed.map(String.init) ?? "gone"), "
        + "and a checkpoint was made at \(position). What follows from the records between was published already; "
        + "set the offset to \(position) or later, or publish it again with --from-beginning."
    case .unknownVersion(let version):
      "A checkpoint of \(place) has the format version \(version), of a later System5; run that, "
        + "or pass the checkpoint over with --from-beginning."
    case .otherRules, .broken: reason
    }
  }
}
