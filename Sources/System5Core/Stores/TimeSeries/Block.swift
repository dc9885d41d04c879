extension TimeSeries {
  /// Up to ``blockSize`` points of a series, never none, to be read.
  package enum Block: Sendable {
    case open(OpenBlock)
    case packed(PackedBlock)

    var summary: Summary {
      switch self {
      case .open(let block): block.summary
      case .packed(let block): block.summary
      }
    }

    package var count: Int { Int(summary.count) }
    var firstTime: Timestamp { summary.firstTime }
    var lastTime: Timestamp { summary.lastTime }

    package var columns: Columns {
      switch self {
      case .open(let block): block.columns
      case .packed(let block): block.columns
      }
    }

    func time(at index: Int) -> Timestamp {
      switch self {
      case .open(let block): block.columns.times[index]
      case .packed(let block): block.time(at: index)
      }
    }

    func variety(at index: Int) -> Double {
      switch self {
      case .open(let block): block.columns.varieties[index]
      case .packed(let block): block.variety(at: index)
      }
    }

    func point(at index: Int) -> Point {
      switch self {
      case .open(let block): block.columns.point(at: index)
      case .packed(let block): block.point(at: index)
      }
    }

    /// The index of the first point later than a time, or the count.
    func index(after time: Timestamp) -> Int {
      // Most blocks lie wholly on one side.
      if time >= lastTime { return count }
      return (0..<count).partitioningIndex { self.time(at: $0) > time }
    }

    func summary(of range: Range<Int>) -> Summary? {
      Summary(of: range, times: time, varieties: variety)
    }
  }
}

extension Summary {
  /// Of points in order; nil of none.
  init?(of range: Range<Int>, times: (Int) -> Timestamp, varieties: (Int) -> Double) {
    guard let first = range.first else { return nil }
    self.init(varieties(first), at: times(first))
    for index in range.dropFirst() { add(varieties(index), at: times(index)) }
  }
}
