public import CoreMetrics
import Synchronization

extension Registry: MetricsFactory {
  public func makeCounter(
    label: String, dimensions: [(String, String)]
  ) -> any CounterHandler {
    counter(label, dimensions)
  }

  public func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    counter(label, dimensions)
  }

  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    gauge(label, dimensions)
  }

  public func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    if aggregate { histogram(label, dimensions) } else { gauge(label, dimensions) }
  }

  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    histogram(label, dimensions)
  }

  public func destroyCounter(_ handler: any CounterHandler) { release(handler) }

  public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
    release(handler)
  }

  public func destroyMeter(_ handler: any MeterHandler) { release(handler) }

  public func destroyRecorder(_ handler: any RecorderHandler) { release(handler) }

  public func destroyTimer(_ handler: any TimerHandler) { release(handler) }

  // A series that was refused gets a cell that is on no page.

  private func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterCell {
    if case .counter(let cell)? = hold(.counter, label, dimensions) { return cell }
    return CounterCell(nil)
  }

  private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeCell {
    if case .gauge(let cell)? = hold(.gauge, label, dimensions) { return cell }
    return GaugeCell(nil)
  }

  private func histogram(_ label: String, _ dimensions: [(String, String)]) -> HistogramCell {
    if case .histogram(let cell)? = hold(.histogram, label, dimensions) { return cell }
    return HistogramCell(nil, bounds: [], created: 0)
  }

  private func release(_ handler: AnyObject) {
    let identity =
      (handler as? CounterCell)?.identity ?? (handler as? GaugeCell)?.identity
      ?? (handler as? HistogramCell)?.identity
    families.withLock { families in
      families.release(identity) { cell in
        switch cell {
        case .counter(let counter): counter === handler
        case .gauge(let gauge): gauge === handler
        case .histogram(let histogram): histogram === handler
        }
      }
    }
  }
}
