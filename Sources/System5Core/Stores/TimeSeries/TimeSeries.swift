/// A source's measurements in order of event time, in columns.
///
/// Cut into blocks, each with a summary of its points, so that a window costs a visit to its blocks
/// and not to its points. All blocks but the last are packed: measurements mostly come in order, and
/// a snapshot copies at most the last block of a source at the next change.
package struct TimeSeries: Sendable {
  package static let blockSize = 256

  private var packed: [PackedBlock] = [] {
    didSet { oldestEnd = packed.first?.summary.lastTime }
  }
  /// Where the oldest of them ends. Every measurement asks, and to wait for a block that nobody else
  /// looks at took 4 % of the loop's time.
  private var oldestEnd: Timestamp?
  /// The last block; nil while there are no points.
  private var last: OpenBlock?

  package struct Point: Hashable, Sendable {
    package var time: Timestamp
    package var variety: Double
    package var capacity: Double
    package var metadata: JSONObject

    package init(time: Timestamp, variety: Double, capacity: Double, metadata: JSONObject) {
      self.time = time
      self.variety = variety
      self.capacity = capacity
      self.metadata = metadata
    }
  }

  init() {}

  /// A series as it was, for a checkpoint to bring back; nil if its blocks are not in order.
  ///
  /// Where it is cut into blocks is part of its state: late points cut it, and a summary over a
  /// window is rounded block by block.
  package init?(restoring blocks: [OpenBlock]) {
    guard zip(blocks, blocks.dropFirst()).allSatisfy({ $0.lastTime <= $1.firstTime })
    else { return nil }
    packed = blocks.dropLast().map(PackedBlock.init)
    oldestEnd = packed.first?.summary.lastTime
    last = blocks.last
  }

  package var blocks: [Block] { (0..<blockCount).map(block) }

  package var blockCount: Int { packed.count + (last == nil ? 0 : 1) }

  var count: Int { packed.reduce(last?.count ?? 0) { $0 + $1.count } }

  /// Puts a point in its place; after those of the same time.
  mutating func insert(_ point: Point) {
    guard let end = last?.lastTime else { return last = OpenBlock(point) }
    if point.time < end { return insertLate(point) }
    if last?.isFull == true { pack() }
    if last?.append(point) == nil { last = OpenBlock(point) }
  }

  /// Ends the last block.
  private mutating func pack() {
    if let last { packed.append(PackedBlock(last)) }
    last = nil
  }

  private mutating func insertLate(_ point: Point) {
    let index = max(0, indexOfBlock(at: point.time))
    guard index < packed.count else { return insertLateIntoLast(point) }
    var changed = OpenBlock(packed[index])
    changed.insert(point)
    let halves = changed.isOverfull ? [changed.halves.0, changed.halves.1] : [changed]
    packed.replaceSubrange(index...index, with: halves.map(PackedBlock.init))
  }

  private mutating func insertLateIntoLast(_ point: Point) {
    last?.insert(point)
    guard let (left, right) = last?.isOverfull == true ? last?.halves : nil else { return }
    packed.append(PackedBlock(left))
    last = right
  }

  /// Lets go of the blocks that are wholly older than `cutoff`.
  mutating func removeBlocks(before cutoff: Timestamp) {
    guard let oldest = oldestEnd ?? last?.lastTime, oldest < cutoff else { return }
    packed.removeFirst(packed.partitioningIndex { $0.summary.lastTime >= cutoff })
    if let end = last?.lastTime, end < cutoff { last = nil }
  }

  /// The points in (`start`, `end`], in order.
  func points(after start: Timestamp, through end: Timestamp) -> [Point] {
    var points: [Point] = []
    eachPoint(after: start, through: end) { point in
      points.append(point)
      return true
    }
    return points
  }

  /// Hands over the points in (`start`, `end`], in order, for as long as `body` answers true.
  func eachPoint(after start: Timestamp, through end: Timestamp, _ body: (Point) -> Bool) {
    eachBlock(after: start, through: end) { block, range in
      range.allSatisfy { body(block.point(at: $0)) }
    }
  }

  /// The last value at or before a time; nil before the first.
  func value(at time: Timestamp) -> Double? {
    let index = indexOfBlock(at: time)
    guard index >= 0 else { return nil }
    let found = block(at: index)
    return found.variety(at: found.index(after: time) - 1)
  }

  /// A summary of the points in (`start`, `end`]; nil where there are none.
  func summary(after start: Timestamp, through end: Timestamp) -> Summary? {
    var total: Summary?
    eachBlock(after: start, through: end) { block, range in
      let part = range.count == block.count ? block.summary : block.summary(of: range)
      if let part { total = total.map { $0.merged(with: part) } ?? part }
      return true
    }
    return total
  }

  private func eachBlock(
    after start: Timestamp, through end: Timestamp, _ body: (Block, Range<Int>) -> Bool
  ) {
    var index = (0..<blockCount).partitioningIndex { block(at: $0).lastTime > start }
    while index < blockCount {
      let next = block(at: index)
      guard next.firstTime <= end else { return }
      let first = next.index(after: start)
      // A window may end before it starts.
      let range = first..<max(first, next.index(after: end))
      guard range.isEmpty || body(next, range) else { return }
      index += 1
    }
  }

  /// Of the last block that begins no later than a time; -1 where none does.
  private func indexOfBlock(at time: Timestamp) -> Int {
    (0..<blockCount).partitioningIndex { block(at: $0).firstTime > time } - 1
  }

  private func block(at index: Int) -> Block {
    if index == packed.count, let last { return .open(last) }
    return .packed(packed[index])
  }
}

extension TimeSeries: HasFootprint {
  package var heapBytes: Int {
    packed.reduce(Footprint.storage(packed) + (last?.columns.heapBytes ?? 0)) {
      $0 + PackedBlock.objectBytes + $1.heapBytes
    }
  }
}

extension RandomAccessCollection where Index == Int {
  /// The first index whose element satisfies the predicate, given that all after it do too;
  /// `endIndex` where none does.
  func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = low + (high - low) / 2
      if predicate(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
