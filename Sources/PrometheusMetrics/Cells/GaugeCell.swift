import CoreMetrics

/// A value that goes up and down.
final class GaugeCell: RecorderHandler, MeterHandler {
  /// nil: of no series.
  let identity: SeriesIdentity?
  private let number = AtomicDouble(0)

  init(_ identity: SeriesIdentity?) { self.identity = identity }

  var value: Double { number.value }

  func record(_ value: Int64) { number.set(Double(value)) }
  func record(_ value: Double) { number.set(value) }
  func set(_ value: Int64) { number.set(Double(value)) }
  func set(_ value: Double) { number.set(value) }
  func increment(by amount: Double) { number.add(amount) }
  func decrement(by amount: Double) { number.add(-amount) }
}
