import System5Core

/// The latest descriptions of adaptations by the bytes that they are written as. Many adaptations are
/// alike: what is known by its bytes needs no reading, and is one value for all of them.
///
/// It forgets: a description takes the place of an earlier one that hashes to the same.
struct RecentDescriptions {
  struct Known {
    /// None of what is so long that it seldom comes again.
    fileprivate var bytes: [UInt8] = []
    fileprivate(set) var description = AdaptationDescription(context: [:], policyChanges: [])
    fileprivate(set) var cells = ContextCells(of: [:])
  }

  private static let count = 2048
  private static let mostBytes = 512

  private var slots = Array(repeating: Known(), count: count)

  subscript(place: Int) -> Known { slots[place] }

  /// Reads a description; returns the place where it is until the next one is read.
  mutating func read(from frame: inout FrameCursor) throws(CheckpointError) -> Int {
    let range = try frame.skip { (cursor) throws(CheckpointError) in
      try cursor.skipDescription()
    }
    let place = Int(frame.hash(of: range) % UInt64(RecentDescriptions.count))
    if frame.holds(slots[place].bytes, at: range) { return place }
    frame.goBack(to: range)
    let description = try frame.description()
    let isKept = range.count <= RecentDescriptions.mostBytes
    slots[place] = Known(
      bytes: isKept ? frame.bytes(at: range) : [], description: description,
      cells: ContextCells(of: description.context))
    return place
  }
}

extension FrameCursor {
  fileprivate mutating func skipDescription() throws(CheckpointError) {
    try skipText()
    try skipObject()
    try skipList { (cursor) throws(CheckpointError) in try cursor.skipText() }
  }

  fileprivate mutating func description() throws(CheckpointError) -> AdaptationDescription {
    let domain = try sharedText()
    return AdaptationDescription(
      context: try sharedObject(), policyChanges: try sharedTexts(), domain: domain)
  }
}
