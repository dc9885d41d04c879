import Metrics

/// Handles by definition: the labels' names are in one place only.
extension WorkerMetric {
  func counter(_ values: String..., factory: any MetricsFactory) -> Counter {
    Counter(label: rawValue, dimensions: dimensions(values), factory: factory)
  }

  /// For amounts that are no whole numbers.
  func amount(_ values: String..., factory: any MetricsFactory) -> FloatingPointCounter {
    FloatingPointCounter(label: rawValue, dimensions: dimensions(values), factory: factory)
  }

  func gauge(_ values: String..., factory: any MetricsFactory) -> Gauge {
    Gauge(label: rawValue, dimensions: dimensions(values), factory: factory)
  }

  func recorder(_ values: String..., factory: any MetricsFactory) -> Recorder {
    Recorder(label: rawValue, dimensions: dimensions(values), factory: factory)
  }

  func timer(_ values: String..., factory: any MetricsFactory) -> Timer {
    Timer(
      label: rawValue, dimensions: dimensions(values), preferredDisplayUnit: .seconds,
      factory: factory)
  }

  private func dimensions(_ values: [String]) -> [(String, String)] {
    Array(zip(definition.labels, values))
  }
}
