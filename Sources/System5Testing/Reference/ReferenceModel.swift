import System5Core
import System5Wire

/// The contract written down a second time, as plainly as it goes, for comparison with what the
/// program publishes. It shares no store and no derivation with it, only settings and the record.
///
///     var model = ReferenceModel(rules: rules)
///     let expected = model.take(line)  // in the order of each partition's offsets
///     let complaints = comparison.differences(expected: expected, published: records)
public struct ReferenceModel: Sendable {
  private let rules: Rules
  var shards: [String: ReferenceShard] = [:]

  public init(rules: Rules = Rules()) { self.rules = rules }

  /// What must follow from one record. It needs topic, partition, offset and timestamp.
  public mutating func take(_ line: RecordLine) -> [ReferenceResult] {
    let origin = Position(
      topicName: line.topic, partition: line.partition ?? 0, offset: line.offset ?? 0)
    var results: [ReferenceResult] = []
    var cause: ReferenceWord = ""
    do throws(ReferenceRefusal) {
      let event = try ReferenceEvent(line, rules: rules)
      cause = event.id
      let shard = "\(line.topic)-\(origin.partition)"
      try shards[shard, default: ReferenceShard(rules: rules)]
        .take(event, recordTime: line.timestampMilliseconds, &results)
    } catch {
      results.append(
        ReferenceResult(
          topic: .deadLetters, system: "", content: .deadLetter(code: error.code, record: line)))
    }
    for index in results.indices {
      results[index].origin = origin
      results[index].cause = cause
    }
    return results
  }
}

/// One partition of one input topic.
struct ReferenceShard: Sendable {
  let rules: Rules
  /// Source and id of the last applied events.
  var window: [[ReferenceWord]] = []
  var streamTimes: [ReferenceWord: ReferenceTime] = [:]
  var policies: [ReferenceWord: ReferencePolicies] = [:]
  var adaptations: [ReferenceWord: ReferenceAdaptations] = [:]
  var variety: [ReferenceWord: ReferenceVariety] = [:]

  init(rules: Rules) { self.rules = rules }

  mutating func take(
    _ event: ReferenceEvent, recordTime: Int64?, _ results: inout [ReferenceResult]
  ) throws(ReferenceRefusal) {
    let command = try ReferenceCommand(event)
    if window.contains([event.source, event.id]) { return }
    let tolerance = rules.futureTolerance.microseconds
    if let recordTime, event.time.micros > recordTime * 1000 + tolerance {
      throw ReferenceRefusal("future-dated")
    }
    try moveStreamTime(event, command, &results)
    try apply(command, event, &results)
    window.append([event.source, event.id])
    if window.count > rules.redeliveryWindow { window.removeFirst() }
  }

  private mutating func moveStreamTime(
    _ event: ReferenceEvent, _ command: ReferenceCommand, _ results: inout [ReferenceResult]
  ) throws(ReferenceRefusal) {
    let system = event.system
    guard let earlier = streamTimes[system] else {
      streamTimes[system] = event.time
      return
    }
    if case .variety = command, event.time + rules.varietyRetention.microseconds < earlier {
      throw ReferenceRefusal("expired")
    }
    guard event.time > earlier else { return }
    streamTimes[system] = event.time
    if let boundary = crossed(every: rules.trendPeriod.microseconds, earlier, event.time) {
      variety[system]?.analyseTrends(at: boundary, &results)
    }
    if let boundary = crossed(every: rules.extractionPeriod.microseconds, earlier, event.time) {
      adaptations[system]?.extractPeriodically(at: boundary, &results)
    }
  }

  /// The latest boundary in (earlier, later].
  private func crossed(
    every period: Int64, _ earlier: ReferenceTime, _ later: ReferenceTime
  ) -> ReferenceTime? {
    let boundary = later.boundary(every: period)
    return boundary > earlier ? boundary : nil
  }

  private mutating func apply(
    _ command: ReferenceCommand, _ event: ReferenceEvent, _ results: inout [ReferenceResult]
  ) throws(ReferenceRefusal) {
    let system = event.system
    switch command {
    case .policy(let command):
      try policies[system, default: ReferencePolicies(rules: rules)]
        .apply(command, at: event.time)
    case .adaptation(let command):
      try adaptations[system, default: ReferenceAdaptations(rules: rules, system: system)]
        .apply(command, at: event.time, &results)
    case .variety(let command):
      let now = streamTimes[system] ?? event.time
      try variety[system, default: ReferenceVariety(rules: rules, system: system)]
        .apply(command, at: event.time, streamTime: now, &results)
    }
  }
}

/// An event's data, checked.
enum ReferenceCommand {
  case policy(ReferencePolicyCommand)
  case adaptation(ReferenceAdaptationCommand)
  case variety(ReferenceVarietyCommand)

  init(_ event: ReferenceEvent) throws(ReferenceRefusal) {
    if event.type.hasPrefix("system5.policy.") {
      self = .policy(try ReferencePolicyCommand(event))
    } else if event.type.hasPrefix("system5.variety.") {
      self = .variety(try ReferenceVarietyCommand(event))
    } else {
      self = .adaptation(try ReferenceAdaptationCommand(event))
    }
  }
}
