import System5Core
import System5Wire

/// Lays what a shard should have given beside what is held of it. Pure.
struct ShardVerification {
  /// What is known of a result topic's partition.
  struct Target: Hashable {
    let topic: String
    let partition: Int32
    /// Whether its beginning is gone.
    let isTruncated: Bool
    let isCompacted: Bool
  }

  private var held: HeldResults
  /// Results of records at or after it need not be there yet; nil: all must be.
  private let committed: Int64?
  private let target: (OutputKind) -> Target
  /// The topics of which a result was found.
  private var found: Set<OutputKind> = []
  /// Missing results of compacted topics: the latest of each key decides about those before it.
  private var missing: [MissingKey: [Expected]] = [:]
  private(set) var differences: [VerifyDifference] = []
  private(set) var counts = VerifyCounts()

  private struct MissingKey: Hashable {
    let topic: OutputKind
    let key: [UInt8]
  }

  private struct Expected {
    let position: Position
    let topic: String
    let isTombstone: Bool
  }

  init(_ held: HeldResults, committed: Int64?, target: @escaping (OutputKind) -> Target) {
    self.held = held
    self.committed = committed
    self.target = target
  }

  /// Takes the results of the next record, in the order they were derived.
  mutating func expect(_ results: [ResultRecord], of position: Position) {
    counts.records += 1
    var next = 0
    for result in results {
      let part: ResultID.Part
      if result.topic == .deadLetters {
        part = .deadLetter
      } else if result.value == nil {
        part = .tombstone(next - 1)
      } else {
        part = .event(next)
        next += 1
      }
      judge(result, held: held.take(ResultID(cause: position, part: part)), at: position)
    }
  }

  private mutating func judge(
    _ result: ResultRecord, held actual: HeldResult?, at position: Position
  ) {
    let target = target(result.topic)
    guard let actual else { return judgeMissing(result, target, at: position) }
    found.insert(result.topic)
    missing[MissingKey(topic: result.topic, key: result.key ?? [])].map {
      counts.notHeld += $0.count
    }
    missing[MissingKey(topic: result.topic, key: result.key ?? [])] = nil
    let expected = HeldResult(
      topic: target.topic, partition: target.partition, key: result.key, value: result.value,
      headers: result.headers)
    if let difference = expected.difference(to: actual) {
      report(.changed, target.topic, at: position, difference)
    } else {
      counts.equal += 1
    }
  }

  private mutating func judgeMissing(
    _ result: ResultRecord, _ target: Target, at position: Position
  ) {
    if let committed, position.offset >= committed {
      counts.notCommitted += 1
    } else if target.isTruncated, !found.contains(result.topic) {
      counts.notHeld += 1
    } else if target.isCompacted, let key = result.key {
      missing[MissingKey(topic: result.topic, key: key), default: []].append(
        Expected(position: position, topic: target.topic, isTombstone: result.value == nil))
    } else {
      report(.missing, target.topic, at: position, "derived, but not published")
    }
  }

  private mutating func report(
    _ kind: VerifyDifference.Kind, _ topic: String, at position: Position, _ detail: String
  ) {
    differences.append(
      VerifyDifference(cause: position, topic: topic, kind: kind, detail: detail))
  }

  /// Judges what is left when the shard has come to its end.
  ///
  /// - Parameter offsets: those of the records whose results count.
  mutating func finish(offsets: Range<Int64>) {
    for expected in missing.values {
      if expected.last?.isTombstone == true {
        counts.notHeld += expected.count
      } else {
        for result in expected {
          report(.missing, result.topic, at: result.position, "derived, but not published")
        }
      }
    }
    for (id, result) in held.byID where offsets.contains(id.cause.offset) {
      report(.surplus, result.topic, at: id.cause, "published, but not derived")
    }
    differences += held.contradictions.filter { offsets.contains($0.cause.offset) }
    differences.sort { ($0.cause, $0.line) < ($1.cause, $1.line) }
    counts.repeated = held.repeated
    counts.differences = differences.count
  }
}
