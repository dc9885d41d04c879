import CoreMetrics
import Synchronization

/// A counter of whole numbers, of fractions, or of both.
///
/// Whole numbers have a cell of their own, so that counting is one atomic addition and stays exact.
final class CounterCell: CounterHandler, FloatingPointCounterHandler {
  /// nil: of no series.
  let identity: SeriesIdentity?
  private let whole = Atomic<UInt64>(0)
  private let fractions = AtomicDouble(0)
  private let createdAt: AtomicDouble
  private let clock: (@Sendable () -> Double)?

  /// - Parameter clock: nil where it is not known when counting began.
  init(_ identity: SeriesIdentity?, clock: (@Sendable () -> Double)? = nil) {
    self.identity = identity
    self.clock = clock
    createdAt = AtomicDouble(clock?() ?? 0)
  }

  /// When it last began at 0, in seconds since 1970.
  var created: Double? { clock == nil ? nil : createdAt.value }

  var count: UInt64 { whole.load(ordering: .relaxed) }
  var rest: Double { fractions.value }

  /// Counters never go down; beyond 64 bits they begin anew, which readers take for a restart.
  func increment(by amount: Int64) {
    if amount > 0 { whole.wrappingAdd(UInt64(amount), ordering: .relaxed) }
  }

  func increment(by amount: Double) {
    if amount > 0, amount.isFinite { fractions.add(amount) }
  }

  func reset() {
    whole.store(0, ordering: .relaxed)
    fractions.set(0)
    createdAt.set(clock?() ?? 0)
  }
}
