/// Where an adaptation lies in its system's ``AdaptationRows``; equal to any other, as it says
/// nothing of the adaptation.
struct AdaptationRow: Hashable, Sendable {
  /// nil for one that is in no system yet.
  var number: Int32?

  static func == (lhs: AdaptationRow, rhs: AdaptationRow) -> Bool { true }
  func hash(into hasher: inout Hasher) {}
}

/// How an adaptation turned out the last time, and when that was.
struct Judgement: Sendable {
  /// NaN before the first outcome; with its sign set where that was no success.
  private let value: Double
  let updatedAt: Timestamp

  init(of adaptation: Adaptation) {
    let effectiveness = adaptation.effectiveness ?? .nan
    self.value = adaptation.outcome?.success == true ? effectiveness : -effectiveness
    self.updatedAt = adaptation.updatedAt
  }

  var effectiveness: Double { value.magnitude }
  var isSuccess: Bool { value.sign == .plus }
}

/// What questions ask of all adaptations of a system, row by row in flat storage: going through the
/// adaptations themselves takes a microsecond each, here it is some nanoseconds.
///
/// Kept by the events that change an adaptation. Rows are in the order of their coming, which is
/// another after a restore, so nothing that can be seen may follow it. They lie in blocks, so that a
/// change after a copy copies little.
struct AdaptationRows: Sendable {
  private static let blockRows = 2 * RowSet.wordRows

  private(set) var count = 0
  /// Each in an array of its own, a reference that is copied when it is changed while shared.
  private var contexts: [[ContextBlock]] = []
  /// Apart from the contexts, as outcomes come so much more often.
  private var judgements: [[Judgement]] = []

  /// Sets a row, or adds one where it has no number yet.
  mutating func set(_ adaptation: Adaptation, at row: AdaptationRow) -> AdaptationRow {
    if let number = row.number.map(Int.init) {
      contexts[number / Self.blockRows][0].replace(number % Self.blockRows, with: adaptation)
      judge(adaptation, at: row)
      return row
    }
    makeRoom()
    contexts[contexts.count - 1][0].append(adaptation)
    return addJudgement(of: adaptation)
  }

  /// Adds the row of an adaptation, the cells of whose context are at hand.
  mutating func append(_ adaptation: Adaptation, _ cells: ContextCells) -> AdaptationRow {
    makeRoom()
    contexts[contexts.count - 1][0].append(adaptation, cells)
    return addJudgement(of: adaptation)
  }

  private mutating func makeRoom() {
    guard count % Self.blockRows == 0 else { return }
    contexts.append([contexts.last.map { ContextBlock(like: $0[0]) } ?? ContextBlock()])
    judgements.append([])
  }

  private mutating func addJudgement(of adaptation: Adaptation) -> AdaptationRow {
    judgements[judgements.count - 1].append(Judgement(of: adaptation))
    defer { count += 1 }
    return AdaptationRow(number: Int32(count))
  }

  /// Sets how well an adaptation works that has its row.
  mutating func judge(_ adaptation: Adaptation) { judge(adaptation, at: adaptation.row) }

  private mutating func judge(_ adaptation: Adaptation, at row: AdaptationRow) {
    guard let number = row.number.map(Int.init) else { return }
    judgements[number / Self.blockRows][number % Self.blockRows] = Judgement(of: adaptation)
  }

  func adaptation(_ row: Int) -> Text {
    contexts[row / Self.blockRows][0].adaptations[row % Self.blockRows]
  }

  /// The block that a row is in, with the row's place there.
  func look(
    at row: Int, _ body: (_ contexts: ContextBlock, _ judgements: [Judgement], _ place: Int) -> Void
  ) {
    let block = row / Self.blockRows
    body(contexts[block][0], judgements[block], row % Self.blockRows)
  }

  /// The rows of at least a certain effectiveness, in no particular order.
  func rows(effectiveFrom threshold: Double) -> [(effectiveness: Double, row: Int)] {
    var found: [(effectiveness: Double, row: Int)] = []
    for (block, judgements) in judgements.enumerated() {
      for (row, judgement) in judgements.enumerated()
      where judgement.effectiveness >= threshold {
        found.append((judgement.effectiveness, block * Self.blockRows + row))
      }
    }
    return found
  }

  /// The newest first.
  func eachBlock(_ body: (ContextBlock, _ firstRow: Int) -> Void) {
    for block in contexts.indices.reversed() {
      body(contexts[block][0], block * Self.blockRows)
    }
  }
}

extension AdaptationRows: HasFootprint {
  package var heapBytes: Int {
    let judged = judgements.reduce(Footprint.storage(judgements)) {
      $0 + Footprint.storage($1)
    }
    return contexts.reduce(judged + Footprint.storage(contexts)) {
      $0 + Footprint.storage($1) + $1[0].heapBytes
    }
  }
}
