import Testing

@testable import System5Core

@Suite struct VarietyStoreTests {
  private static let start = Timestamp(seconds: 1_763_884_800)
  private var store = VarietyMetricsStore()

  private func at(_ seconds: Int64) -> Timestamp {
    VarietyStoreTests.start.advanced(by: .seconds(seconds))
  }

  private mutating func measure(
    _ source: Text, _ variety: Double, _ seconds: Int64, role: Role? = nil
  ) throws -> [Output] {
    try store.recordVarietyMeasurement(
      source, variety: variety, role: role, system: "acme", at: at(seconds)
    ).map(\.payload)
  }

  private func kinds(_ outputs: [Output]) -> [String] {
    outputs.map { output in
      switch output {
      case .alertFiring(let alert): "fires \(alert.kind.rawValue) \(alert.episode)"
      case .alertResolved(let alert): "resolves \(alert.kind.rawValue) \(alert.episode)"
      case .gapAnalysed(let gap): "gap \(ShortestNumber.text(of: gap.gap))"
      case .trendsAnalysed(let trends): "trends \(trends.overallTrend.rawValue)"
      default: "?"
      }
    }
  }

  @Test mutating func gapIsPublishedOnceBothSidesAreMeasuredAndWhenTheAnswerChanges() throws {
    #expect(kinds(try measure("environment", 180, 0)) == [])
    #expect(
      kinds(try measure("system", 150, 1)) == ["fires requisite-variety 1", "gap 30"])
    // A total changed, but 30 s of stream time have not passed.
    #expect(kinds(try measure("system", 160, 10)) == [])
    #expect(kinds(try measure("system", 170, 31)) == ["gap 10"])
    // Nothing changed since.
    #expect(kinds(try measure("system", 170, 100)) == [])
    #expect(
      kinds(try measure("system", 180, 101)) == ["resolves requisite-variety 1", "gap 0"])
    #expect(
      kinds(try measure("market", 1, 102)) == ["fires requisite-variety 2", "gap 1"])
  }

  @Test mutating func totalsForgetWhatWasReplacedExactly() throws {
    for (index, value) in [0.1, 0.2, 0.3, 1e16, 0.4].enumerated() {
      _ = try measure("environment", value, Int64(index))
    }
    _ = try measure("external", 0.2, 10)
    _ = try measure("system", 1, 11)
    #expect(store.requisiteVarietyStatus(of: "acme")?.environmentalVariety == 0.4 + 0.2)
  }

  @Test mutating func roleMovesAValueFromOneSideToTheOther() throws {
    _ = try measure("a", 5, 0, role: .environment)
    _ = try measure("b", 3, 1)
    #expect(store.requisiteVarietyStatus(of: "acme")?.gap == 2)
    _ = try measure("a", 5, 2, role: .system)
    #expect(store.requisiteVarietyStatus(of: "acme")?.gap == -8)
    _ = try measure("a", 6, 3)
    #expect(store.measurement(of: "a", in: "acme")?.role == .system)
  }

  @Test mutating func thresholdFiresOncePerEpisodeAndRecoversAtItsRecovery() throws {
    try store.setVarietyThreshold(
      "queue", Threshold(threshold: 100, recovery: 80), system: "acme", at: at(0))
    #expect(kinds(try measure("queue", 100, 1)) == [])
    #expect(kinds(try measure("queue", 101, 2)) == ["fires variety-threshold 1"])
    #expect(kinds(try measure("queue", 120, 3)) == [])
    #expect(kinds(try measure("queue", 90, 4)) == [])
    #expect(kinds(try measure("queue", 80, 5)) == ["resolves variety-threshold 1"])
    #expect(kinds(try measure("queue", 300, 6)) == ["fires variety-threshold 2"])
    // Late: joins the series, judges nothing.
    #expect(kinds(try measure("queue", 1, 5)) == [])
    #expect(
      store.history(of: "queue", over: .hour, in: "acme").map(\.variety)
        == [100, 101, 120, 90, 80, 1, 300])
  }

  @Test mutating func violationMustLastForSeconds() throws {
    try store.setVarietyThreshold(
      "queue", Threshold(threshold: 10, direction: .below, forSeconds: 60), system: "acme",
      at: at(0))
    #expect(kinds(try measure("queue", 5, 10)) == [])
    #expect(kinds(try measure("queue", 10, 50)) == [])
    #expect(kinds(try measure("queue", 9, 60)) == [])
    #expect(kinds(try measure("queue", 8, 119)) == [])
    #expect(kinds(try measure("queue", 8, 120)) == ["fires variety-threshold 1"])
  }

  @Test mutating func changingAThresholdJudgesTheCurrentValueAtOnce() throws {
    _ = try measure("queue", 50, 0)
    func set(_ threshold: Double, _ seconds: Int64) throws -> [String] {
      kinds(
        try store.setVarietyThreshold(
          "queue", Threshold(threshold: threshold), system: "acme", at: at(seconds)
        ).map(\.payload))
    }
    #expect(try set(40, 1) == ["fires variety-threshold 1"])
    #expect(try set(45, 2) == [])
    #expect(try set(50, 3) == ["resolves variety-threshold 1"])
    #expect(try set(10, 4) == ["fires variety-threshold 2"])
    let cleared = try store.clearVarietyThreshold("queue", system: "acme", at: at(5))
    #expect(kinds(cleared.map(\.payload)) == ["resolves variety-threshold 2"])
    #expect(kinds(try measure("queue", 1000, 6)) == [])
  }

  @Test mutating func trendAnalysisMarksARisingSourceCriticalUntilItIsNot() throws {
    // 08:00 is a boundary; points at 08:01 … 08:14 rise by 1 a minute, so by 60 an hour.
    for minute in 1...14 {
      _ = try measure("rising", Double(100 + minute), Int64(minute * 60))
      _ = try measure("flat", 7, Int64(minute * 60))
    }
    try store.setVarietyThreshold(
      "rising", Threshold(threshold: 160), system: "acme", at: at(14 * 60))
    let outputs = try store.recordVarietyMeasurement(
      "flat", variety: 7, system: "acme", at: at(15 * 60 + 1))
    #expect(kinds(outputs.map(\.payload)) == ["trends increasing", "fires critical-trend 1"])
    guard case .trendsAnalysed(let analysis)? = outputs.first?.payload else { return }
    #expect(outputs.first?.time == at(15 * 60))
    let rising = try #require(analysis.trends.last)
    #expect(abs(rising.slopePerHour - 60) < 1e-9)
    // 114 at 08:14 meets 160 after 46 minutes.
    #expect(rising.breachAt == at(14 * 60 + 46 * 60))
    #expect(analysis.trends.first?.trend == .stable)
    #expect(analysis.criticalSources == ["rising"])
    // An hour without a rise: the next analysis does not mark it.
    _ = try measure("flat", 7, 2 * 3600)
    #expect(kinds(try measure("flat", 7, 2 * 3600 + 901)).contains("resolves critical-trend 1"))
  }

  @Test mutating func lateBeyondRetentionIsExpiredAndWithinTakesItsPlace() throws {
    let week: Int64 = 7 * 86_400
    _ = try measure("a", 1, week)
    _ = try measure("a", 2, 0)
    #expect(throws: Refusal.self) { try measure("a", 3, -1) }
    #expect(store.history(of: "a", over: .month, in: "acme").map(\.variety) == [1])
    _ = try measure("a", 4, 1)
    #expect(store.history(of: "a", over: .month, in: "acme").map(\.variety) == [4, 1])
  }

  @Test mutating func sourcesAreLimited() throws {
    var rules = Rules()
    rules.limits.sources = 2
    store = VarietyMetricsStore(rules: rules)
    _ = try measure("a", 1, 0)
    _ = try measure("b", 1, 1)
    #expect(throws: Refusal.self) { try measure("c", 1, 2) }
    _ = try measure("a", 2, 3)
  }
}

@Suite struct TimeSeriesTests {
  private func point(_ second: Int64, _ value: Double) -> TimeSeries.Point {
    TimeSeries.Point(
      time: Timestamp(seconds: second), variety: value, capacity: value, metadata: [:])
  }

  /// A generator of its own, so that a failure repeats.
  private func shuffled(_ count: Int) -> [Int64] {
    var state: UInt64 = 88_172_645_463_325_252
    var order = (0..<Int64(count)).map { $0 }
    for index in stride(from: count - 1, to: 0, by: -1) {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      order.swapAt(index, Int(state % UInt64(index + 1)))
    }
    return order
  }

  @Test func pointsTakeTheirPlaceInWhateverOrderTheyCome() {
    var series = TimeSeries()
    for second in shuffled(5000) { series.insert(point(second, Double(second))) }
    let times = series.points(after: Timestamp(seconds: 99), through: Timestamp(seconds: 4900))
      .map(\.time)
    #expect(times == (100...4900).map { Timestamp(seconds: $0) })
    #expect(series.count == 5000)
    #expect(series.blocks.allSatisfy { $0.count <= TimeSeries.blockSize })
  }

  @Test func summaryOfAWindowIsThatOfItsPoints() throws {
    var series = TimeSeries()
    for second in shuffled(3000) {
      series.insert(point(second, Double((second * 7919) % 1000) + Double(second) / 10))
    }
    let (start, end) = (Timestamp(seconds: 130), Timestamp(seconds: 2777))
    let points = series.points(after: start, through: end)
    let summary = try #require(series.summary(after: start, through: end))
    let n = Double(points.count)
    let xs = points.map { $0.time.since(start).seconds }
    let ys = points.map(\.variety)
    let (mx, my) = (xs.reduce(0, +) / n, ys.reduce(0, +) / n)
    let sxy = zip(xs, ys).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
    let sxx = xs.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
    #expect(summary.count == Int64(points.count))
    #expect(abs(summary.mean - my) < 1e-9 * my)
    #expect(abs(summary.slope - sxy / sxx) < 1e-9)
    #expect(summary.min == ys.min())
    #expect(summary.max == ys.max())
    #expect(summary.lastValue == ys.last)
  }

  @Test func oldBlocksGo() {
    var series = TimeSeries()
    for second in 0..<1000 { series.insert(point(Int64(second), 1)) }
    series.removeBlocks(before: Timestamp(seconds: 600))
    #expect(series.count == 1000 - 512)
  }

  @Test func constantsHaveNoTrend() throws {
    var summary = Summary(0.1, at: Timestamp(seconds: 0))
    for second in 1...1000 { summary.add(0.1, at: Timestamp(seconds: Int64(second))) }
    #expect(summary.slope == 0)
    #expect(!summary.isSlopeSignificant)
  }

  @Test(arguments: [
    // Critical values of Student's t, 97.5 %, from a statistics package.
    (1, 12.706204736174694), (10, 2.228138851986274), (30, 2.0422724563012378),
    (31, 2.039513446396408), (50, 2.008559112100761), (1000, 1.9623390808264083),
  ])
  func criticalValues(_ degrees: Int64, _ expected: Double) {
    #expect(abs(StudentT.critical(degreesOfFreedom: degrees) - expected) < 1e-7)
  }

  @Test func noiseIsStableAndAClearSlopeIsNot() {
    func summary(_ values: [Double]) -> Summary {
      var summary = Summary(values[0], at: Timestamp(seconds: 0))
      for (index, value) in values.enumerated().dropFirst() {
        summary.add(value, at: Timestamp(seconds: Int64(index)))
      }
      return summary
    }
    #expect(!summary([1, 3]).isSlopeSignificant)
    #expect(summary([1, 2, 3]).isSlopeSignificant)
    // r = 0.982, t = 5.2 with one degree of freedom: below 12.7.
    #expect(!summary([1, 2, 4]).isSlopeSignificant)
    #expect(summary([1, 2, 4, 5, 7]).isSlopeSignificant)
    #expect(!summary([5, 1, 4, 2, 3]).isSlopeSignificant)
  }
}
