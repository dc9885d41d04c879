import System5Core
import System5Wire

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

struct ReferenceTrend {
  var trend = "insufficient_data"
  var slope = 0.0
  var average: Double
  var least: Double
  var most: Double
  var count: Int
  var latest: Double
  var breach: ReferenceTime?
  var isCritical = false

  /// - Parameter points: of one source in one window, in order of time; at least one.
  init(_ points: [ReferenceVariety.Point], above threshold: Double?) {
    let values = points.map(\.variety)
    average = referenceMean(values)
    least = values.min() ?? 0
    most = values.max() ?? 0
    count = points.count
    latest = values.last ?? 0
    guard count >= 2 else { return }
    fit(points)
    guard trend == "increasing" else { return }
    let hours = points[count - 1].time.hours - points[0].time.hours
    isCritical = slope * hours >= average / 2
    if let threshold, latest + slope >= threshold {
      isCritical = true
      let ahead = max(0, (threshold - latest) / slope)
      breach = points[count - 1].time + Int64(ahead * 3_600_000_000)
    }
  }

  /// Ordinary least squares, from the first point so that a constant series is exactly that.
  private mutating func fit(_ points: [ReferenceVariety.Point]) {
    let x = points.map { Double($0.time - points[0].time) / 3_600_000_000 }
    let y = points.map { $0.variety - points[0].variety }
    let (meanX, meanY) = (referenceMean(x), referenceMean(y))
    let spread = referenceSum(x.map { ($0 - meanX) * ($0 - meanX) })
    trend = "stable"
    guard spread > 0 else { return }
    slope = referenceSum(zip(x, y).map { ($0 - meanX) * ($1 - meanY) }) / spread
    guard count >= 3, slope != 0 else { return }
    let residuals = zip(x, y).map { $1 - meanY - slope * ($0 - meanX) }
    let freedom = Double(count - 2)
    let error = (referenceSum(residuals.map { $0 * $0 }) / freedom / spread).squareRoot()
    guard error == 0 || ReferenceTrend.chance(ofBeyond: abs(slope) / error, freedom) < 0.05 else {
      return
    }
    trend = slope > 0 ? "increasing" : "decreasing"
  }

  /// The chance of |t| or more under Student's t: with t = √ν tan θ its density is cos^(ν−1) θ.
  static func chance(ofBeyond t: Double, _ freedom: Double) -> Double {
    let angle = atan(t / freedom.squareRoot())
    let power = freedom - 1
    return simpson(from: angle, power) / simpson(from: 0, power)
  }

  private static func simpson(from start: Double, _ power: Double) -> Double {
    let steps = 400
    let width = (Double.pi / 2 - start) / Double(steps)
    var sum = 0.0
    for step in 0...steps {
      let weight = step == 0 || step == steps ? 1.0 : step.isMultiple(of: 2) ? 2 : 4
      sum += weight * pow(max(0, cos(start + Double(step) * width)), power)
    }
    return sum * width / 3
  }

  var data: ReferenceValue {
    [
      "trend": .text(ReferenceWord(trend)), "slope_per_hour": .finite(slope),
      "average": .finite(average), "min": .number(least), "max": .number(most),
      "volatility": .finite(most - least), "measurements": .number(count),
      "latest": .number(latest), "breach_at": breach.map { .nearTime($0) },
    ]
  }
}

extension ReferenceVariety {
  mutating func analyseTrends(at end: ReferenceTime, _ results: inout [ReferenceResult]) {
    var trends: [ReferenceWord: ReferenceTrend] = [:]
    for (id, source) in sources {
      let window = source.points.filter { $0.time > end + -3_600_000_000 && $0.time <= end }
      guard !window.isEmpty else { continue }
      trends[id] = ReferenceTrend(inOrder(window), above: aboveThreshold(of: id))
    }
    guard !trends.isEmpty else { return }
    results.append(
      ReferenceResult(
        topic: .result(.gapAnalyses), system: system,
        content: .event(type: "system5.trends.analysed", time: end, data: data(trends))))
    for id in sources.keys.sorted() { judgeTrend(of: id, trends[id], at: end, &results) }
  }

  /// By time, and by their coming where that is the same.
  private func inOrder(_ points: [Point]) -> [Point] {
    points.enumerated()
      .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
  }

  private func aboveThreshold(of source: ReferenceWord) -> Double? {
    let key = ReferenceAlertKey(kind: "variety-threshold", source: source, direction: "above")
    return watches[key]?.threshold.limit
  }

  private mutating func judgeTrend(
    of id: ReferenceWord, _ trend: ReferenceTrend?, at time: ReferenceTime,
    _ results: inout [ReferenceResult]
  ) {
    guard let value = trend?.latest ?? sources[id]?.current.variety else { return }
    let key = ReferenceAlertKey(kind: "critical-trend", source: id)
    let isCritical = trend?.isCritical ?? false
    if isCritical, !isFiring(key) {
      fire(key, value, aboveThreshold(of: id), at: time, &results)
    } else if !isCritical, isFiring(key) {
      resolve(key, value, aboveThreshold(of: id), at: time, &results)
    }
  }

  private func data(_ trends: [ReferenceWord: ReferenceTrend]) -> ReferenceObject {
    let rising = trends.values.filter { $0.trend == "increasing" }.count
    let falling = trends.values.filter { $0.trend == "decreasing" }.count
    let overall = rising > falling ? "increasing" : falling > rising ? "decreasing" : "stable"
    let critical = trends.filter(\.value.isCritical).keys.sorted()
    return [
      "system": .text(system), "window": "hour",
      "overall_trend": .text(ReferenceWord(overall)),
      "critical_sources": .list(critical.map { .text($0) }),
      "trends": .object(trends.mapValues(\.data)),
    ]
  }
}
