/// The contexts and changes of some adaptations in flat storage: each attribute is a cell, a row's
/// cells are in the order of their names.
///
/// Names and categorical values are there as hashes, which needs no table of all that occurred. So a
/// look at cells may find too much, never too little; who looks has to make sure.
struct ContextBlock: Sendable {
  private(set) var adaptations: [Text] = []
  private(set) var createdAt: [Timestamp] = []
  /// Mostly shared by many.
  private(set) var policyChanges: [[Text]] = []
  /// Where each row's cells end, and the next one's begin.
  private(set) var ends: [Int32] = []
  private(set) var names: [ContextName] = []
  private(set) var values: [UInt64] = []

  init() {}

  /// With room for what one like it needs.
  init(like full: ContextBlock) {
    adaptations.reserveCapacity(full.adaptations.count)
    createdAt.reserveCapacity(full.createdAt.count)
    policyChanges.reserveCapacity(full.policyChanges.count)
    ends.reserveCapacity(full.ends.count)
    names.reserveCapacity(full.names.count)
    values.reserveCapacity(full.values.count)
  }

  mutating func append(_ adaptation: Adaptation) {
    for member in adaptation.context.members {
      names.append(ContextName(of: member))
      values.append(ContextName.value(of: member))
    }
    close(adaptation)
  }

  /// - Parameter cells: those of its context.
  mutating func append(_ adaptation: Adaptation, _ cells: ContextCells) {
    for cell in cells.cells {
      names.append(cell.name)
      values.append(cell.value)
    }
    close(adaptation)
  }

  private mutating func close(_ adaptation: Adaptation) {
    adaptations.append(adaptation.adaptation)
    createdAt.append(adaptation.createdAt)
    policyChanges.append(adaptation.policyChanges)
    ends.append(Int32(names.count))
  }

  mutating func replace(_ row: Int, with adaptation: Adaptation) {
    let members = adaptation.context.members
    let cells = cells(of: row)
    adaptations[row] = adaptation.adaptation
    createdAt[row] = adaptation.createdAt
    policyChanges[row] = adaptation.policyChanges
    names.replaceSubrange(cells, with: members.map(ContextName.init))
    values.replaceSubrange(cells, with: members.map(ContextName.value))
    for later in row..<ends.count { ends[later] += Int32(members.count - cells.count) }
  }

  func cells(of row: Int) -> Range<Int> { (row == 0 ? 0 : Int(ends[row - 1]))..<Int(ends[row]) }
}

extension ContextBlock: HasFootprint {
  /// The ids and changes are the adaptations' own.
  package var heapBytes: Int {
    Footprint.storage(adaptations) + Footprint.storage(createdAt)
      + Footprint.storage(policyChanges) + Footprint.storage(ends) + Footprint.storage(names)
      + Footprint.storage(values)
  }
}

/// A context as it lies in a block: what a checkpoint's adaptations with equal contexts share.
package struct ContextCells: Sendable {
  fileprivate let cells: [(name: ContextName, value: UInt64)]

  package init(of context: JSONObject) {
    cells = context.members.map { (ContextName(of: $0), ContextName.value(of: $0)) }
  }
}

/// An attribute's name as a hash, and whether its value is a number.
struct ContextName: Hashable, Sendable {
  /// 31 bits.
  var hash: UInt32 { word >> 1 }
  var isNumber: Bool { word & 1 == 1 }
  private let word: UInt32

  init(of member: JSONObject.Member) {
    let hash = UInt32(truncatingIfNeeded: ByteHash.hash(member.name) >> 32)
    word = hash & ~1 | (member.value.isNumber ? 1 : 0)
  }

  /// The bits of a number, or a hash of what else it is.
  static func value(of member: JSONObject.Member) -> UInt64 {
    if let number = member.value.measure { return number.bitPattern }
    // With another seed, as the texts of some other values are strings too, such as true.
    if case .string(let text) = member.value {
      return ByteHash.hash(text, seed: ~ByteHash.seed)
    }
    return ByteHash.hash(Text(member.value.canonicalText))
  }
}
