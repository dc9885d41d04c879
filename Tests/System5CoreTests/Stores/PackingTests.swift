import Testing

@testable import System5Core

@Suite struct PackingTests {
  @Test(
    arguments: [
      [], [0], [7, 7, 7], [1, 2, 3], [-5, 1 << 40], [.min, .max], [.min, 0, .max, -1],
      Array(0..<300), (0..<300).map { $0 * $0 * 977 - 40_000 },
    ] as [[Int64]])
  func integersComeBack(_ values: [Int64]) {
    let packed = PackedIntegers(values)
    #expect(values.indices.map { packed[$0] } == values)
  }

  @Test func everyWidthComesBack() {
    for width in 0...64 {
      let greatest = width == 0 ? 0 : UInt64.max >> UInt64(64 - width)
      let values = (0..<70).map { Int64(bitPattern: $0 % 3 == 0 ? greatest : greatest / 3) }
      let packed = PackedIntegers(values)
      #expect(values.indices.map { packed[$0] } == values, "\(width)")
    }
  }

  @Test(
    arguments: [
      [0], [1_795_420_800_000_000], [5, 5, 5], [.min, 0, .max], [.max - 1, .max],
      (0..<256).map { 1_795_420_800_000_000 + $0 * 1_000_000 },
      (0..<256).map { 1_795_420_800_000_000 + $0 * 1_000_000 + ($0 * 7919) % 5000 },
    ] as [[Int64]])
  func timesComeBack(_ microseconds: [Int64]) {
    let times = microseconds.map { Timestamp(microseconds: $0) }
    let packed = PackedTimes(times)
    #expect(times.indices.map { packed[$0] } == times)
  }

  @Test(
    arguments: [
      [0.0], [-0.0, 0.0], [0.1, 0.2, 0.3], [1e22, 1], [0.1 + 0.2, 0.3],
      [.leastNonzeroMagnitude, .greatestFiniteMagnitude],
      [1e-12, 2e-12], [1e-13], [9_007_199_254_740_994, 0.5], [1.000_000_000_000_000_2, 1],
      (0..<256).map { Double($0 * 7919 % 1000) / 10 }, (1..<257).map { 1 / Double($0) },
    ] as [[Double]])
  func numbersComeBackBitForBit(_ numbers: [Double]) {
    let packed = PackedNumbers(numbers)
    #expect(numbers.indices.map { packed[$0].bitPattern } == numbers.map(\.bitPattern))
  }

  @Test func whatSensorsSendTakesFewBytes() {
    let times = PackedTimes((0..<256).map { Timestamp(seconds: 1_795_420_800 + $0) })
    let numbers = PackedNumbers((0..<256).map { Double($0 * 7919 % 1000) / 10 })
    #expect(times.heapBytes == 0)
    #expect(numbers.heapBytes < 256 * 10 / 8 + 64)
  }
}

/// Whatever way points come, the series reads as a plain list of them would.
@Suite struct PackedSeriesTests {
  @Test(arguments: 0..<20)
  func readsAsAListOfItsPoints(_ seed: UInt64) throws {
    var random = Draw(seed)
    var series = TimeSeries()
    var list: [TimeSeries.Point] = []
    for number in 0..<1500 {
      let point = drawn(number, &random)
      series.insert(point)
      list.insert(point, at: list.firstIndex { $0.time > point.time } ?? list.count)
    }
    #expect(series.points(after: Timestamp(seconds: -1), through: Timestamp(seconds: 9999)) == list)
    #expect(series.blocks.flatMap { $0.columns.points } == list)
    let restored = try #require(TimeSeries(restoring: series.blocks.compactMap(\.reopened)))
    #expect(restored.blocks.map(\.columns) == series.blocks.map(\.columns))
    for _ in 0..<50 {
      let start = Timestamp(seconds: Int64(random.below(1600)))
      let end = Timestamp(seconds: Int64(random.below(1600)))
      let window = list.filter { $0.time > start && $0.time <= end }
      #expect(series.points(after: start, through: end) == window)
      #expect(series.value(at: start) == list.last { $0.time <= start }?.variety)
      let (summary, again) = (
        series.summary(after: start, through: end), restored.summary(after: start, through: end)
      )
      #expect(summary?.count ?? 0 == Int64(window.count))
      #expect(summary?.max == window.map(\.variety).max())
      #expect(summary == again)
    }
  }

  /// Mostly in order, sometimes late; now and then with what most points do not have.
  private func drawn(_ number: Int, _ random: inout Draw) -> TimeSeries.Point {
    let isLate = random.below(10) == 0
    let variety = Double(random.below(1000)) / 10
    return TimeSeries.Point(
      time: Timestamp(seconds: Int64(isLate ? random.below(number + 1) : number)),
      variety: variety, capacity: random.below(300) == 0 ? variety + 1 : variety,
      metadata: random.below(3) == 0 ? [:] : ["unit": .string(Text("u\(number / 100)"))])
  }
}

/// A generator of its own, so that a failure repeats.
private struct Draw {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 2_654_435_769 &+ 88_172_645_463_325_252 }

  mutating func below(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }
}

extension TimeSeries.Columns {
  fileprivate var points: [TimeSeries.Point] { (0..<count).map(point) }
}

extension TimeSeries.Block {
  /// As a checkpoint brings it back.
  fileprivate var reopened: TimeSeries.OpenBlock? {
    TimeSeries.OpenBlock(
      times: columns.times, varieties: columns.varieties, capacities: columns.capacities,
      metadata: columns.metadata)
  }
}
