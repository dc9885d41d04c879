import HashTreeCollections

/// Series over a window that ends at the system's stream time.
extension VarietyMetricsStore {
  /// Hands over a source's measurements, oldest first, for as long as `body` answers true.
  ///
  /// - Parameter start: passes over what was measured before; nil: from the window's beginning.
  public func eachMeasurement(
    of source: Text, over window: Window, from start: Timestamp? = nil, in system: Text,
    _ body: (Measurement) -> Bool
  ) {
    guard let state = systems[system], let found = state.sources[source],
      let range = state.range(of: window, rules)
    else { return }
    let after = max(
      range.start, start?.advanced(by: -Timestamp.Span(microseconds: 1)) ?? range.start)
    found.series.eachPoint(after: after, through: range.end) { point in
      body(Measurement(source, role: found.role, point))
    }
  }

  /// A source's measurements, thinned out: of each of `points` / 2 equal parts of the window the
  /// least and the greatest, in order. All of them where they are no more than `points`.
  public func thinnedHistory(
    of source: Text, over window: Window, points: Int, in system: Text
  ) -> [Measurement] {
    guard let state = systems[system], let found = state.sources[source],
      let range = state.range(of: window, rules)
    else { return [] }
    var thinning = Thinning(
      parts: points / 2, start: range.start, end: range.end,
      count: found.series.summary(after: range.start, through: range.end)?.count ?? 0)
    found.series.eachPoint(after: range.start, through: range.end) { point in
      thinning.add(point)
      return true
    }
    return thinning.finished().map { Measurement(source, role: found.role, $0) }
  }

  /// Environment against system at so many times, evenly over the window: at each the sum of every
  /// source's last value by then, in the role it has now. Begins when both sides had been measured.
  public func varietyTotals(over window: Window, points: Int, of system: Text) -> [VarietyTotals] {
    guard let state = systems[system], let range = state.range(of: window, rules) else { return [] }
    let times = range.times(max(1, points))
    var environment = TotalsOverTime(times: times)
    var own = TotalsOverTime(times: times)
    for (_, source) in state.sources {
      switch source.role {
      case .environment: environment.add(source.series)
      case .system: own.add(source.series)
      }
    }
    return times.indices.compactMap { index in
      guard let environment = environment[index], let own = own[index] else { return nil }
      return VarietyTotals(time: times[index], environment: environment, system: own)
    }
  }
}

/// What both sides came to at one time.
public struct VarietyTotals: Hashable, Sendable {
  public let time: Timestamp
  public let environment: Double
  public let system: Double
}

extension SystemVariety {
  /// The window's times, without its start; nil before the first event.
  fileprivate func range(of window: Window, _ rules: Rules) -> TimeRange? {
    streamTime.map { now in
      TimeRange(
        start: now.advanced(by: -min(window.span, rules.varietyRetention)), end: now)
    }
  }
}

/// (`start`, `end`].
private struct TimeRange {
  let start: Timestamp
  let end: Timestamp

  /// Evenly spread, the last of them the end.
  func times(_ count: Int) -> [Timestamp] {
    let step = end.since(start).seconds / Double(count)
    return (1...count).map { number in
      number == count ? end : start.advanced(by: Timestamp.Span(seconds: step * Double(number)))
    }
  }
}

/// A side's total at each of several times.
private struct TotalsOverTime {
  private let times: [Timestamp]
  private var sums: [ExactSum]
  private var isMeasured: [Bool]

  init(times: [Timestamp]) {
    self.times = times
    sums = Array(repeating: ExactSum(), count: times.count)
    isMeasured = Array(repeating: false, count: times.count)
  }

  mutating func add(_ series: TimeSeries) {
    for index in times.indices {
      guard let value = series.value(at: times[index]) else { continue }
      sums[index].add(value)
      isMeasured[index] = true
    }
  }

  /// nil before any of the side's sources had been measured.
  subscript(index: Int) -> Double? { isMeasured[index] ? sums[index].value : nil }
}

/// Keeps the extremes of each part of a window.
private struct Thinning {
  private let start: Timestamp
  private let partSeconds: Double
  private let keepsAll: Bool
  private var part = -1
  private var extremes: (least: TimeSeries.Point, greatest: TimeSeries.Point)?
  private var kept: [TimeSeries.Point] = []

  /// - Parameter count: how many points there will be.
  init(parts: Int, start: Timestamp, end: Timestamp, count: Int64) {
    let parts = max(1, parts)
    self.start = start
    keepsAll = count <= Int64(parts * 2)
    partSeconds = max(1e-6, end.since(start).seconds / Double(parts))
  }

  mutating func add(_ point: TimeSeries.Point) {
    if keepsAll { return kept.append(point) }
    // A point at the very end of a part belongs to it, as one at the end of the window does.
    let next = Int((point.time.since(start).seconds / partSeconds).rounded(.up))
    if next != part { close() }
    part = next
    guard let (least, greatest) = extremes else { return extremes = (point, point) }
    if point.variety < least.variety { extremes = (point, greatest) }
    if point.variety > greatest.variety { extremes = (least, point) }
  }

  private mutating func close() {
    guard let (least, greatest) = extremes else { return }
    extremes = nil
    if least == greatest { return kept.append(least) }
    kept += least.time <= greatest.time ? [least, greatest] : [greatest, least]
  }

  consuming func finished() -> [TimeSeries.Point] {
    close()
    return kept
  }
}
