/// What a group of adaptations says as a pattern, gathered from its members' rows in any order.
struct PatternContent {
  private let rows: AdaptationRows
  private let signature: PatternSignature
  private var occurrences: Int64 = 0
  private var successes: Int64 = 0
  private var effectiveness = ExactSum()
  private var ranges: [Range]
  private var actions: [Text: Action] = [:]
  private var firstSeen = Timestamp(microseconds: .max)
  private var lastSeen = Timestamp(microseconds: .min)
  private var evidence: PatternSelection<(updatedAt: Timestamp, row: Int)>

  init(_ signature: PatternSignature, of rows: AdaptationRows) {
    self.rows = rows
    self.evidence = PatternSelection(10) {
      if $0.updatedAt != $1.updatedAt { return $0.updatedAt > $1.updatedAt }
      return rows.adaptation($1.row).precedes(rows.adaptation($0.row))
    }
    self.signature = signature
    self.ranges = signature.numeric.map(Range.init)
  }

  /// Adds some neighbours.
  ///
  /// - Parameter bits: those of a ``RowSet``.
  mutating func add(from firstRow: Int, _ bits: UInt64) {
    rows.look(at: firstRow) { contexts, judgements, place in
      bits.eachBit { bit in
        add(contexts, place + bit, judgements[place + bit])
        evidence.add((judgements[place + bit].updatedAt, firstRow + bit))
      }
    }
  }

  private mutating func add(_ contexts: ContextBlock, _ row: Int, _ judgement: Judgement) {
    occurrences &+= 1
    successes &+= judgement.isSuccess ? 1 : 0
    effectiveness.add(judgement.effectiveness)
    addNumbers(of: contexts, row)
    addActions(contexts.policyChanges[row], judgement.effectiveness)
    firstSeen = min(firstSeen, contexts.createdAt[row])
    lastSeen = max(lastSeen, judgement.updatedAt)
  }

  func pattern(_ key: PatternKey, domain: Text, revision: Int64) -> DerivedPattern {
    DerivedPattern(
      pattern: key.text, domain: domain, revision: revision, occurrences: occurrences,
      averageEffectiveness: effectiveness.value / Double(max(1, occurrences)),
      effectivenessLower: Proportion(successes: successes, trials: occurrences)
        .wilsonInterval.lower,
      commonContext: signature.categorical, contextRanges: ranges.map { $0.result(occurrences) },
      recommendedActions: recommendedActions, firstSeen: firstSeen, lastSeen: lastSeen,
      evidence: evidence.sorted().map { rows.adaptation($0.row) })
  }

  /// An action that a member names twice counts once.
  private mutating func addActions(_ names: [Text], _ effectiveness: Double) {
    // Few are compared with each other in a fraction of the time that a set of them takes.
    if names.count > 8 {
      for name in Set(names) { actions[name, default: Action()].add(effectiveness) }
    } else {
      for (index, name) in names.enumerated() where !names[..<index].contains(name) {
        actions[name, default: Action()].add(effectiveness)
      }
    }
  }

  /// The members share a signature, so their numeric attributes line up.
  private mutating func addNumbers(of block: ContextBlock, _ row: Int) {
    var index = 0
    for cell in block.cells(of: row) where block.names[cell].isNumber {
      guard index < ranges.count else { return }
      ranges[index].add(Double(bitPattern: block.values[cell]))
      index += 1
    }
  }

  /// The best five by support, then average effectiveness, then name.
  private var recommendedActions: [DerivedPattern.RecommendedAction] {
    var best = PatternSelection<DerivedPattern.RecommendedAction>(5) {
      ($1.support, $1.averageEffectiveness, $0.action)
        < ($0.support, $0.averageEffectiveness, $1.action)
    }
    for (name, action) in actions {
      best.add(
        .init(
          action: name, support: Double(action.count) / Double(max(1, occurrences)),
          averageEffectiveness: action.effectiveness.value / Double(max(1, action.count))))
    }
    return best.sorted()
  }

  private struct Action {
    var count: Int64 = 0
    var effectiveness = ExactSum()

    mutating func add(_ effectiveness: Double) {
      count &+= 1
      self.effectiveness.add(effectiveness)
    }
  }

  private struct Range {
    let name: Text
    var least = Double.infinity
    var greatest = -Double.infinity
    var sum = ExactSum()

    init(_ name: Text) { self.name = name }

    mutating func add(_ number: Double) {
      least = min(least, number)
      greatest = max(greatest, number)
      sum.add(number)
    }

    /// The mean is held to the range, which rounding would let it leave by a speck.
    func result(_ count: Int64) -> DerivedPattern.NamedRange {
      let mean = sum.value / Double(max(1, count))
      return .init(name: name, min: least, mean: min(greatest, max(least, mean)), max: greatest)
    }
  }
}
