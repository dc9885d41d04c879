import Foundation
import Synchronization

/// A backend for swift-metrics that Prometheus can read: counters, gauges and histograms in memory,
/// and a page of them as text.
///
/// Counters and gauges are an atomic operation each; recorders that aggregate, and timers, are
/// histograms, timers in seconds. Asking twice for a series gives the same one, which stays until
/// each of those who asked has destroyed it. What cannot be shown under its name, or would be one
/// series too many, still works and is not on the page; a metric of the registry's own counts those.
public final class Registry: Sendable {
  /// How much may come together, so that a label of too many values costs a metric and not the
  /// process.
  public struct Limits: Sendable, Hashable {
    public var seriesPerFamily = 5_000
    public var families = 1_000

    public init() {}
  }

  /// What a collector has read.
  public struct Reading: Sendable {
    let name: String
    let dimensions: [(String, String)]
    let value: Double

    /// - Parameter name: of a counter or a gauge, by its description; of a gauge without one.
    public init(_ name: String, _ dimensions: [(String, String)] = [], value: Double) {
      self.name = name
      self.dimensions = dimensions
      self.value = value
    }
  }

  /// Upper bounds for histograms that are not described: from a millisecond to ten seconds.
  public static let defaultBuckets = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]

  let families: Mutex<Families>
  private let collectors = Mutex<[@Sendable () -> [Reading]]>([])
  private let refused: [Families.Refusal: CounterCell]
  let clock: @Sendable () -> Double

  /// - Parameters:
  ///   - descriptions: of the metrics that are known beforehand.
  ///   - refusals: the name of the counter of series that were not taken up.
  ///   - clock: seconds since 1970.
  public init(
    _ descriptions: [MetricDescription] = [],
    refusals: String = "metrics_refused_series_total", limits: Limits = Limits(),
    clock: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
  ) {
    self.clock = clock
    var families = Families(
      descriptions + [Registry.describe(refusals: refusals)], limits: limits,
      defaultBounds: Registry.defaultBuckets)
    var refused: [Families.Refusal: CounterCell] = [:]
    for refusal in Families.Refusal.allCases {
      let cell = try? families.hold(.counter, refusals, [("reason", refusal.rawValue)]) { id, _ in
        .counter(CounterCell(id, clock: clock))
      }
      if case .counter(let counter)? = cell { refused[refusal] = counter }
    }
    self.families = Mutex(families)
    self.refused = refused
  }

  /// What the registry's own metric is, under the name that it is given.
  public static func describe(refusals name: String) -> MetricDescription {
    MetricDescription(
      .counter, name,
      help: "Requests for series that are not on this page: one too many, or a name that is taken.",
      labels: ["reason"])
  }

  /// Adds what is asked each time a page is made, on the thread that makes it; several may at once.
  public func addCollector(_ read: @escaping @Sendable () -> [Reading]) {
    collectors.withLock { $0.append(read) }
  }

  /// All that there is at present, in the format that the reader likes best.
  ///
  /// - Parameter accept: the value of its `Accept` header.
  public func page(accept: String? = nil) -> Page {
    Page(snapshot(), in: Format.negotiated(accept))
  }

  /// All families at this moment with what the collectors have to add, sorted.
  func snapshot() -> [FamilyValues] {
    let readings = collectors.withLock { $0 }.flatMap { $0() }
    var snapshot = families.withLock { $0 }
    for reading in readings { take(reading, into: &snapshot) }
    return snapshot.sorted.map(\.values)
  }

  private func take(_ reading: Reading, into snapshot: inout Families) {
    let isCounter = snapshot.kind(of: reading.name) == .counter
    let cell = noting { () throws(Families.Refusal) in
      try snapshot.hold(isCounter ? .counter : .gauge, reading.name, reading.dimensions) { id, _ in
        isCounter ? .counter(CounterCell(id)) : .gauge(GaugeCell(id))
      }
    }
    switch cell {
    case .counter(let counter): counter.increment(by: reading.value)
    case .gauge(let gauge): gauge.set(reading.value)
    case .histogram, nil: break
    }
  }

  private func make(_ kind: Family.Kind, _ identity: SeriesIdentity, _ bounds: [Double]) -> Cell {
    switch kind {
    case .counter: .counter(CounterCell(identity, clock: clock))
    case .gauge, .info: .gauge(GaugeCell(identity))
    case .histogram: .histogram(HistogramCell(identity, bounds: bounds, created: clock()))
    }
  }

  func hold(
    _ kind: Family.Kind, _ label: String, _ dimensions: [(String, String)]
  ) -> Cell? {
    noting { () throws(Families.Refusal) in
      try families.withLock { (families) throws(Families.Refusal) in
        try families.hold(kind, label, dimensions) { make(kind, $0, $1.bounds) }
      }
    }
  }

  private func noting(_ body: () throws(Families.Refusal) -> Cell) -> Cell? {
    do {
      return try body()
    } catch {
      refused[error]?.increment(by: Int64(1))
      return nil
    }
  }
}
