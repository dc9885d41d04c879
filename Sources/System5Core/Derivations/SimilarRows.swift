/// Finds the adaptations most like a context in the flat storage of ``AdaptationRows``.
///
/// Cells may match by their hashes alone, which can only make contexts look more alike and ranges
/// wider than they are. So whatever the answer rests on is looked up in the adaptations themselves,
/// and if any of it is otherwise there is no answer here.
struct SimilarRows {
  private typealias Found = (similarity: Double, createdAt: Timestamp, row: Int)

  private let system: SystemAdaptations
  private var attributes: [Similarity.Attribute]
  private var cells: [Cell]
  private let index: AttributeIndex
  /// Whether all ranges are what they seem.
  private var isSound = true

  /// An attribute of the question as others have it in their cells.
  private struct Cell {
    let name: ContextName
    let value: UInt64
    /// The rows where the range has its ends.
    var leastRow = 0
    var greatestRow = 0
  }

  init(to context: JSONObject, in system: SystemAdaptations) {
    self.system = system
    attributes = context.members.map(Similarity.Attribute.init)
    cells = context.members.map {
      Cell(name: ContextName(of: $0), value: ContextName.value(of: $0))
    }
    index = AttributeIndex(cells.map(\.name))
    if cells.contains(where: \.name.isNumber) { findRanges() }
  }

  /// The most similar first, of equally similar ones the newer; nil where hashes were misleading.
  func best(_ limit: Int) -> [(adaptation: Adaptation, similarity: Double)]? {
    guard isSound, index.isComplete else { return nil }
    let similarity = Similarity(attributes)
    var found: [(adaptation: Adaptation, similarity: Double)] = []
    for candidate in candidates(limit) {
      guard let adaptation = system.adaptations[system.rows.adaptation(candidate.row)],
        similarity.similarity(of: adaptation.context) == candidate.similarity
      else { return nil }
      found.append((adaptation, candidate.similarity))
    }
    return found
  }

  private func candidates(_ limit: Int) -> [Found] {
    let rows = system.rows
    var best = PatternSelection<Found>(limit) {
      if $0.similarity != $1.similarity { return $0.similarity > $1.similarity }
      if $0.createdAt != $1.createdAt { return $0.createdAt > $1.createdAt }
      return rows.adaptation($0.row) > rows.adaptation($1.row)
    }
    rows.eachBlock { block, firstRow in
      for row in block.ends.indices.reversed() {
        let similarity = similarity(of: block, block.cells(of: row))
        if let last = best.last, similarity < last.similarity { continue }
        best.add((similarity, block.createdAt[row], firstRow + row))
      }
    }
    return best.sorted()
  }

  /// No less than the similarity of the row that has these cells, and mostly the same: terms are
  /// added in the same order.
  private func similarity(of block: ContextBlock, _ row: Range<Int>) -> Double {
    var sum = 0.0
    var shared = 0
    for cell in row {
      let name = block.names[cell]
      guard let attribute = index[name] else { continue }
      shared += 1
      guard name == cells[attribute].name else { continue }
      if name.isNumber {
        sum += attributes[attribute].similarity(
          of: Double(bitPattern: cells[attribute].value),
          to: Double(bitPattern: block.values[cell]))
      } else if block.values[cell] == cells[attribute].value {
        sum += 1
      }
    }
    let union = attributes.count + row.count - min(shared, attributes.count)
    return union == 0 ? 1 : sum / Double(union)
  }

  private mutating func findRanges() {
    system.rows.eachBlock { block, firstRow in
      for row in block.ends.indices {
        for cell in block.cells(of: row) where block.names[cell].isNumber {
          guard let attribute = index[block.names[cell]], cells[attribute].name.isNumber else {
            continue
          }
          widen(attribute, by: Double(bitPattern: block.values[cell]), row: firstRow + row)
        }
      }
    }
    isSound = attributes.indices.allSatisfy(hasItsRange)
  }

  private mutating func widen(_ attribute: Int, by number: Double, row: Int) {
    if number < attributes[attribute].least { cells[attribute].leastRow = row }
    if number > attributes[attribute].greatest { cells[attribute].greatestRow = row }
    attributes[attribute].widen(by: number)
  }

  /// Whether those that are at the ends of an attribute's range have that attribute.
  private func hasItsRange(_ index: Int) -> Bool {
    let attribute = attributes[index]
    guard attribute.least <= attribute.greatest else { return true }
    return measure(attribute.name, ofRow: cells[index].leastRow) == attribute.least
      && measure(attribute.name, ofRow: cells[index].greatestRow) == attribute.greatest
  }

  private func measure(_ name: Text, ofRow row: Int) -> Double? {
    system.adaptations[system.rows.adaptation(row)]?.context[name]?.measure
  }
}

/// Finds a question's attributes by the hashes of their names: a hash table with linear probing.
private struct AttributeIndex {
  /// Whether no two names share a hash; otherwise one of them cannot be found.
  private(set) var isComplete = true
  private var slots: [(hash: UInt32, attribute: Int)]
  private let mask: Int

  init(_ names: [ContextName]) {
    var size = 8
    while size < names.count * 4 { size *= 2 }
    slots = Array(repeating: (0, -1), count: size)
    mask = size - 1
    for (attribute, name) in names.enumerated() {
      if self[name] != nil { isComplete = false }
      var slot = Int(name.hash) & mask
      while slots[slot].attribute >= 0 { slot = (slot + 1) & mask }
      slots[slot] = (name.hash, attribute)
    }
  }

  subscript(name: ContextName) -> Int? {
    var slot = Int(name.hash) & mask
    while slots[slot].attribute >= 0 {
      if slots[slot].hash == name.hash { return slots[slot].attribute }
      slot = (slot + 1) & mask
    }
    return nil
  }
}
