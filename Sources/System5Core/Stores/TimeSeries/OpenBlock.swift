extension TimeSeries {
  /// A block that points can be added to.
  package struct OpenBlock: Hashable, Sendable {
    package private(set) var columns: Columns
    private(set) var summary: Summary

    /// A block as it was, for a checkpoint to bring back: its summary is that of its points in
    /// order, whichever way they came. nil if it cannot have been: no points or too many, columns
    /// of different lengths or out of order, a column that says nothing.
    package init?(
      times: [Timestamp], varieties: [Double], capacities: [Double], metadata: [JSONObject]
    ) {
      let columns = Columns(
        times: times, varieties: varieties, capacities: capacities, metadata: metadata)
      guard let columns, columns.count <= TimeSeries.blockSize,
        let summary = Summary(
          of: 0..<columns.count, times: { times[$0] }, varieties: { varieties[$0] })
      else { return nil }
      self.columns = columns
      self.summary = summary
    }

    init(_ point: Point) {
      columns = Columns(point)
      summary = Summary(point.variety, at: point.time)
    }

    init(_ block: PackedBlock) {
      columns = block.columns
      summary = block.summary
    }

    private init(_ points: [Point], first: Point) {
      self.init(first)
      for point in points.dropFirst() { append(point) }
    }

    var count: Int { columns.count }
    package var firstTime: Timestamp { summary.firstTime }
    package var lastTime: Timestamp { summary.lastTime }
    var isFull: Bool { count >= TimeSeries.blockSize }
    var isOverfull: Bool { count > TimeSeries.blockSize }

    /// Adds a point that is no earlier than those before it.
    mutating func append(_ point: Point) {
      columns.insert(point, at: columns.count)
      summary.add(point.variety, at: point.time)
    }

    mutating func insert(_ point: Point) {
      columns.insert(point, at: columns.times.partitioningIndex { $0 > point.time })
      let columns = columns
      summary =
        Summary(
          of: 0..<columns.count, times: { columns.times[$0] }, varieties: { columns.varieties[$0] })
        ?? summary
    }

    /// Of at least two points.
    var halves: (OpenBlock, OpenBlock) {
      let points = (0..<count).map(columns.point)
      let middle = count / 2
      return (
        OpenBlock(Array(points[..<middle]), first: points[0]),
        OpenBlock(Array(points[middle...]), first: points[middle])
      )
    }
  }

  /// Points as columns. Capacities and metadata have one only where they say something.
  package struct Columns: Hashable, Sendable {
    package private(set) var times: [Timestamp]
    package private(set) var varieties: [Double]
    /// Empty while every capacity equals its variety.
    package private(set) var capacities: [Double] = []
    /// Empty while there is no metadata. Equal neighbours share theirs.
    package private(set) var metadata: [JSONObject] = []

    init(_ point: Point) {
      times = []
      varieties = []
      insert(point, at: 0)
    }

    /// nil if no block has such columns.
    init?(
      times: [Timestamp], varieties: [Double], capacities: [Double], metadata: [JSONObject]
    ) {
      let count = times.count
      guard count > 0, varieties.count == count,
        capacities.isEmpty || capacities.count == count && capacities != varieties,
        metadata.isEmpty || metadata.count == count && !metadata.allSatisfy(\.isEmpty),
        (1..<count).allSatisfy({ times[$0 - 1] <= times[$0] })
      else { return nil }
      self.init(
        valid: times, varieties: varieties, capacities: capacities, metadata: metadata)
    }

    /// Of a block that is there.
    init(
      valid times: [Timestamp], varieties: [Double], capacities: [Double], metadata: [JSONObject]
    ) {
      self.times = times
      self.varieties = varieties
      self.capacities = capacities
      for object in metadata { put(object, at: self.metadata.count) }
    }

    package var count: Int { times.count }

    func point(at index: Int) -> Point {
      Point(
        time: times[index], variety: varieties[index],
        capacity: capacities.isEmpty ? varieties[index] : capacities[index],
        metadata: metadata.isEmpty ? JSONObject() : metadata[index])
    }

    mutating func insert(_ point: Point, at index: Int) {
      if capacities.isEmpty, point.capacity != point.variety { capacities = varieties }
      if !capacities.isEmpty || point.capacity != point.variety {
        capacities.put(point.capacity, at: index)
      }
      if metadata.isEmpty, !point.metadata.isEmpty {
        metadata = Array(repeating: JSONObject(), count: times.count)
      }
      if !metadata.isEmpty || !point.metadata.isEmpty { put(point.metadata, at: index) }
      times.put(point.time, at: index)
      varieties.put(point.variety, at: index)
    }

    private mutating func put(_ object: JSONObject, at index: Int) {
      let isRepeated = index > 0 && metadata[index - 1] == object
      metadata.put(isRepeated ? metadata[index - 1] : object, at: index)
    }
  }
}

extension Array {
  /// Inserts an element; most come at the end, where an insertion takes five times as long.
  fileprivate mutating func put(_ element: Element, at index: Int) {
    if index == count { append(element) } else { insert(element, at: index) }
  }
}
