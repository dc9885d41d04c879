extension TimeSeries {
  /// A block in which every point is read where it lies, in a few bytes and without loss.
  ///
  /// Measurements come at about even intervals, as decimal numbers of a few digits: times are kept
  /// as how far they lie from even ones, values as whole numbers of their last digit.
  package final class PackedBlock: Sendable {
    let summary: Summary
    private let times: PackedTimes
    private let varieties: PackedNumbers
    /// nil where every capacity equals its variety.
    private let capacities: PackedNumbers?
    /// Runs of equal ones; empty where there is no metadata.
    private let metadata: [Run]

    struct Run: Sendable {
      let object: JSONObject
      /// The index after the run's last point.
      var end: Int
    }

    init(_ block: OpenBlock) {
      let columns = block.columns
      summary = block.summary
      times = PackedTimes(columns.times)
      varieties = PackedNumbers(columns.varieties)
      capacities = columns.capacities.isEmpty ? nil : PackedNumbers(columns.capacities)
      var runs: [Run] = []
      for (index, object) in columns.metadata.enumerated() {
        if runs.last?.object == object {
          runs[runs.count - 1].end = index + 1
        } else {
          runs.append(Run(object: object, end: index + 1))
        }
      }
      metadata = runs
    }

    var count: Int { Int(summary.count) }

    func time(at index: Int) -> Timestamp { times[index] }
    func variety(at index: Int) -> Double { varieties[index] }

    func point(at index: Int) -> Point {
      Point(
        time: times[index], variety: varieties[index],
        capacity: capacities?[index] ?? varieties[index], metadata: metadata(at: index))
    }

    private func metadata(at index: Int) -> JSONObject {
      let run = metadata.partitioningIndex { $0.end > index }
      return run < metadata.count ? metadata[run].object : JSONObject()
    }

    package var columns: Columns {
      let indices = 0..<count
      return Columns(
        valid: indices.map(time), varieties: indices.map(variety),
        capacities: capacities.map { column in indices.map { column[$0] } } ?? [],
        metadata: metadata.isEmpty ? [] : indices.map(metadata))
    }
  }
}

extension TimeSeries.PackedBlock: HasFootprint {
  package var heapBytes: Int {
    metadata.reduce(
      times.heapBytes + varieties.heapBytes + (capacities?.heapBytes ?? 0)
        + Footprint.storage(metadata)
    ) { $0 + $1.object.heapBytes }
  }

  /// The object itself: its header of 16 bytes, and its members.
  static var objectBytes: Int {
    Footprint.block(
      16 + MemoryLayout<Summary>.stride + MemoryLayout<PackedTimes>.stride
        + MemoryLayout<PackedNumbers>.stride + MemoryLayout<PackedNumbers?>.stride
        + MemoryLayout<[Run]>.stride)
  }
}
