import Kafka
import System5Core
import System5Wire

/// Derives again and compares with what the result topics hold, one shard after another.
final class VerifyRun {
  private let session: ReplaySession
  private let json: Bool
  private let parser = JSONParser()
  private var output = OutputBuffer()
  private var counts = VerifyCounts()
  private var hasShown = false
  /// The partitions of result topics that were searched for foreign records.
  private var searched: Set<TopicPartition> = []

  init(_ session: ReplaySession, json: Bool) {
    self.session = session
    self.json = json
  }

  /// - Returns: how many differences there are.
  func run(_ rules: Rules) throws -> Int {
    let group = session.settings.string("group")
    // Before the ends of the result topics: what is committed is then surely below them.
    let committed = try GroupOffsets.committed(
      by: group, of: session.log.slices.map(\.partition), session.settings)
    let topics = try ResultTopics(session.reader, prefix: session.prefix)
    let decoder = EventDecoder(rules: rules)
    for slice in session.log.slices {
      let bound = committed.isEmpty ? nil : committed[slice.partition] ?? 0
      try verify(slice, topics, committed: bound, decoder)
    }
    session.log.finish()
    try output.flush()
    Terminal.say(Self.scope(group, hasCommits: !committed.isEmpty, session.log.slices.count))
    Terminal.say(counts.line)
    return counts.differences
  }

  private static func scope(_ group: String, hasCommits: Bool, _ partitions: Int) -> String {
    let what = "compared the results of \(partitions) input partitions with the result topics"
    return hasCommits
      ? "\(what): those of records that group \(group) has committed must be there"
      : "\(what): all must be there, as group \(group) has committed nothing"
  }

  private func verify(
    _ slice: InputLog.Slice, _ topics: ResultTopics, committed: Int64?, _ decoder: EventDecoder
  ) throws {
    let partition = slice.partition.partition
    let (held, foreign) = try held(of: slice, topics)
    var verification = ShardVerification(held, committed: committed) {
      topics.target($0, ofInput: partition)
    }
    let shard = session.shard(for: slice, decoder)
    let offsets = try session.log.eachRecord(of: slice, in: session.range) { line, isInRange in
      let step = shard.process(line)
      guard isInRange else { return }
      verification.expect(step.results.filter(session.systems.contains), of: step.position)
    }
    verification.finish(offsets: offsets)
    add(verification.counts)
    counts.differences += foreign.count
    for difference in verification.differences + foreign { try show(difference) }
  }

  /// What the result topics hold of one shard, and what they hold of nobody.
  private func held(
    of slice: InputLog.Slice, _ topics: ResultTopics
  ) throws -> (HeldResults, foreign: [VerifyDifference]) {
    var held = HeldResults()
    var foreign: [VerifyDifference] = []
    for kind in ResultTopics.kinds(of: slice.input) {
      guard let place = topics.slice(kind, ofInput: slice.partition.partition) else { continue }
      let isFirst = searched.insert(place.partition).inserted
      try session.reader.read(place) { line in
        guard
          session.systems.contains(key: line.key, isDeadLetter: kind == .deadLetters)
        else { return .goOn }
        let id = ResultID(kind, headers: line.headers, value: line.value, parser: parser)
        if let id, id.cause.isIn(slice.partition) {
          held.add(HeldResult(line), as: id)
        } else if isFirst,
          id.map({ !topics.isPossible($0.cause, of: kind, in: place.partition) }) ?? true
        {
          foreign.append(VerifyDifference(foreign: line, saysItFollowsFrom: id?.cause))
        }
        return .goOn
      }
    }
    return (held, foreign)
  }

  private func add(_ shard: VerifyCounts) {
    counts.records += shard.records
    counts.equal += shard.equal
    counts.differences += shard.differences
    counts.repeated += shard.repeated
    counts.notHeld += shard.notHeld
    counts.notCommitted += shard.notCommitted
  }

  /// People are shown the first one; it is the first place to look.
  private func show(_ difference: VerifyDifference) throws {
    if json {
      try output.append(line: difference.json.canonicalText)
    } else if !hasShown {
      try output.append(line: difference.line.printable)
    }
    hasShown = true
  }
}

extension HeldResult {
  fileprivate init(_ line: RecordLine) {
    self.init(
      topic: line.topic, partition: line.partition ?? 0, key: line.key, value: line.value,
      headers: line.headers)
  }
}

extension VerifyDifference {
  fileprivate init(foreign line: RecordLine, saysItFollowsFrom cause: Position?) {
    let place = Position(
      topicName: line.topic, partition: line.partition ?? 0, offset: line.offset ?? 0)
    let reason =
      cause.map { "says it follows from \($0.text), which cannot be" } ?? "is no result of ours"
    self.init(cause: place, topic: line.topic, kind: .foreign, detail: reason)
  }
}

extension Position {
  fileprivate func isIn(_ partition: TopicPartition) -> Bool {
    topicName == partition.topic && self.partition == partition.partition
  }
}
