/// A source's measurements in order of event time, in columns.
///
/// Cut into blocks, each with a summary of its points: a snapshot copies at most one block per
/// source at the next change, and a window costs a visit to its blocks, not to its points.
/// Capacities and metadata have a column only in blocks where they say something.
package struct TimeSeries: Hashable, Sendable {
  package static let blockSize = 256

  package private(set) var blocks: [Block] = []

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
  package init?(restoring blocks: [Block]) {
    guard zip(blocks, blocks.dropFirst()).allSatisfy({ $0.lastTime <= $1.firstTime })
    else { return nil }
    self.blocks = blocks
  }

  var count: Int { blocks.reduce(0) { $0 + $1.count } }

  /// Puts a point in its place; after those of the same time.
  mutating func insert(_ point: Point) {
    guard let last = blocks.indices.last else {
      blocks.append(Block(point))
      return
    }
    if point.time >= blocks[last].lastTime {
      if blocks[last].count < TimeSeries.blockSize {
        blocks[last].append(point)
      } else {
        blocks.append(Block(point))
      }
      return
    }
    insertLate(point)
  }

  private mutating func insertLate(_ point: Point) {
    // The last block that begins no later than the point, or else the first.
    let index = max(0, blocks.partitioningIndex { $0.firstTime > point.time } - 1)
    blocks[index].insert(point)
    if blocks[index].count > TimeSeries.blockSize {
      let (left, right) = blocks[index].halves
      blocks.replaceSubrange(index...index, with: [left, right])
    }
  }

  /// Lets go of the blocks that are wholly older than `cutoff`.
  mutating func removeBlocks(before cutoff: Timestamp) {
    guard !blocks.isEmpty, blocks[0].lastTime < cutoff else { return }
    blocks.removeFirst(blocks.partitioningIndex { $0.lastTime >= cutoff })
  }

  /// The points in (`start`, `end`], in order.
  func points(after start: Timestamp, through end: Timestamp) -> [Point] {
    var points: [Point] = []
    forEachBlock(after: start, through: end) { block, range in
      for index in range { points.append(block.point(at: index)) }
    }
    return points
  }

  /// Hands over the points in (`start`, `end`], in order, for as long as `body` answers true.
  func eachPoint(after start: Timestamp, through end: Timestamp, _ body: (Point) -> Bool) {
    var index = blocks.partitioningIndex { $0.lastTime > start }
    while index < blocks.count, blocks[index].firstTime <= end {
      let block = blocks[index]
      for place in block.range(after: start, through: end) where !body(block.point(at: place)) {
        return
      }
      index += 1
    }
  }

  /// The last value at or before a time; nil before the first.
  func value(at time: Timestamp) -> Double? {
    let block = blocks.partitioningIndex { $0.firstTime > time } - 1
    guard block >= 0 else { return nil }
    let place = blocks[block].times.partitioningIndex { $0 > time } - 1
    return place >= 0 ? blocks[block].varieties[place] : nil
  }

  /// A summary of the points in (`start`, `end`]; nil where there are none.
  func summary(after start: Timestamp, through end: Timestamp) -> Summary? {
    var total: Summary?
    forEachBlock(after: start, through: end) { block, range in
      let part = range.count == block.count ? block.summary : block.summary(of: range)
      guard let part else { return }
      total = total.map { $0.merged(with: part) } ?? part
    }
    return total
  }

  private func forEachBlock(
    after start: Timestamp, through end: Timestamp, _ body: (Block, Range<Int>) -> Void
  ) {
    var index = blocks.partitioningIndex { $0.lastTime > start }
    while index < blocks.count, blocks[index].firstTime <= end {
      let range = blocks[index].range(after: start, through: end)
      if !range.isEmpty { body(blocks[index], range) }
      index += 1
    }
  }
}

extension TimeSeries {
  /// Up to ``blockSize`` points in columns, never none.
  package struct Block: Hashable, Sendable {
    package private(set) var times: [Timestamp]
    package private(set) var varieties: [Double]
    /// Empty while every capacity equals its variety.
    package private(set) var capacities: [Double] = []
    /// Empty while there is no metadata.
    package private(set) var metadata: [JSONObject] = []
    private(set) var summary: Summary?

    /// A block as it was, for a checkpoint to bring back: its summary is that of its points in
    /// order, whichever way they came. nil if it cannot have been: no points or too many, columns
    /// of different lengths or out of order, a column that says nothing.
    package init?(
      times: [Timestamp], varieties: [Double], capacities: [Double], metadata: [JSONObject]
    ) {
      let count = times.count
      guard (1...TimeSeries.blockSize).contains(count), varieties.count == count,
        capacities.isEmpty || capacities.count == count && capacities != varieties,
        metadata.isEmpty || metadata.count == count && !metadata.allSatisfy(\.isEmpty),
        (1..<count).allSatisfy({ times[$0 - 1] <= times[$0] })
      else { return nil }
      self.times = times
      self.varieties = varieties
      self.capacities = capacities
      self.metadata = metadata
      self.summary = summary(of: 0..<count)
    }

    init(_ point: Point) {
      times = []
      varieties = []
      append(point)
    }

    private init(_ points: [Point]) {
      times = []
      varieties = []
      for point in points { append(point) }
    }

    var count: Int { times.count }
    var firstTime: Timestamp { times[0] }
    var lastTime: Timestamp { times[times.count - 1] }

    func point(at index: Int) -> Point {
      Point(
        time: times[index], variety: varieties[index],
        capacity: capacities.isEmpty ? varieties[index] : capacities[index],
        metadata: metadata.isEmpty ? JSONObject() : metadata[index])
    }

    mutating func append(_ point: Point) {
      insertColumns(point, at: times.count)
      if summary?.add(point.variety, at: point.time) == nil {
        summary = Summary(point.variety, at: point.time)
      }
    }

    mutating func insert(_ point: Point) {
      insertColumns(point, at: times.partitioningIndex { $0 > point.time })
      summary = summary(of: 0..<count)
    }

    private mutating func insertColumns(_ point: Point, at index: Int) {
      if capacities.isEmpty, point.capacity != point.variety { capacities = varieties }
      if !capacities.isEmpty || point.capacity != point.variety {
        capacities.put(point.capacity, at: index)
      }
      if metadata.isEmpty, !point.metadata.isEmpty {
        metadata = Array(repeating: JSONObject(), count: times.count)
      }
      if !metadata.isEmpty || !point.metadata.isEmpty {
        metadata.put(point.metadata, at: index)
      }
      times.put(point.time, at: index)
      varieties.put(point.variety, at: index)
    }

    var halves: (Block, Block) {
      let points = (0..<count).map(point)
      return (Block(Array(points[..<(count / 2)])), Block(Array(points[(count / 2)...])))
    }

    func range(after start: Timestamp, through end: Timestamp) -> Range<Int> {
      let low = times.partitioningIndex { $0 > start }
      let high = times.partitioningIndex { $0 > end }
      return low..<Swift.max(low, high)
    }

    func summary(of range: Range<Int>) -> Summary? {
      guard let first = range.first else { return nil }
      var summary = Summary(varieties[first], at: times[first])
      for index in range.dropFirst() { summary.add(varieties[index], at: times[index]) }
      return summary
    }
  }
}

extension Array {
  /// Inserts an element; most come at the end, where an insertion takes five times as long.
  fileprivate mutating func put(_ element: Element, at index: Int) {
    if index == count { append(element) } else { insert(element, at: index) }
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
