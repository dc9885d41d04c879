import System5Core
import System5Wire

/// Derives by two sets of rules at once and reports what differs, one shard after another.
final class DiffRun {
  private let session: ReplaySession
  private let json: Bool
  private var output = OutputBuffer()
  private var tally = DiffTally()

  init(_ session: ReplaySession, json: Bool) {
    self.session = session
    self.json = json
  }

  /// - Returns: how many differences there are.
  func run(_ inForce: Rules, _ others: Rules) throws -> Int {
    let decoders = (EventDecoder(rules: inForce), EventDecoder(rules: others))
    for slice in session.log.slices {
      var diff = ShardDiff()
      let shards = (session.shard(for: slice, decoders.0), session.shard(for: slice, decoders.1))
      try session.log.eachRecord(of: slice, in: session.range) { line, isInRange in
        let before = shards.0.process(line)
        let after = shards.1.process(line)
        guard isInRange else { return }
        diff.add(
          before.results.filter(session.systems.contains),
          after.results.filter(session.systems.contains), at: before.position)
      }
      for difference in diff.differences { try show(difference) }
    }
    session.log.finish()
    if !json { try output.append(line: tally.line) }
    try output.flush()
    return tally.count
  }

  private func show(_ difference: Difference) throws {
    tally.add(difference)
    try output.append(line: json ? difference.json.canonicalText : difference.line.printable)
  }
}

/// How many differences of each kind there are.
struct DiffTally {
  private var counts: [String: Int] = [:]
  private(set) var count = 0

  mutating func add(_ difference: Difference) {
    counts[Self.name(difference.subject.kind, difference.change), default: 0] += 1
    count += 1
  }

  private static func name(_ kind: DiffSubject.Kind, _ change: Difference.Change) -> String {
    "\(kind.rawValue) \(change.rawValue)"
  }

  /// `2 alerts new, 1 pattern gone`.
  var line: String {
    let parts = DiffSubject.Kind.allCases.flatMap { kind in
      Difference.Change.allCases.compactMap { change -> String? in
        guard let count = counts[Self.name(kind, change)] else { return nil }
        return "\(kind.counted(count)) \(change.rawValue)"
      }
    }
    return parts.isEmpty ? "nothing would differ" : parts.joined(separator: ", ")
  }
}
