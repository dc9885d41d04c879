import Metrics
import PrometheusMetrics

/// A registry at a fixed time, with few series allowed.
struct Scene {
  static let time = 1_700_000_000.25

  let registry: Registry

  init(_ descriptions: [MetricDescription] = [], series: Int = 5, families: Int = 20) {
    var limits = Registry.Limits()
    limits.seriesPerFamily = series
    limits.families = families
    registry = Registry(descriptions, refusals: "refused_total", limits: limits) { Scene.time }
  }

  func counter(_ label: String, _ dimensions: [(String, String)] = []) -> Counter {
    Counter(label: label, dimensions: dimensions, factory: registry)
  }

  func gauge(_ label: String, _ dimensions: [(String, String)] = []) -> Gauge {
    Gauge(label: label, dimensions: dimensions, factory: registry)
  }

  func recorder(_ label: String, _ dimensions: [(String, String)] = []) -> Recorder {
    Recorder(label: label, dimensions: dimensions, factory: registry)
  }

  func timer(_ label: String) -> Timer { Timer(label: label, factory: registry) }

  /// The lines of a page that hold a text, without those of the registry's own metric.
  func lines(_ part: String = "", accept: String? = nil) -> [String] {
    registry.page(accept: accept).body.split(separator: "\n").map(String.init)
      .filter { $0.contains(part) && !$0.contains("refused") }
  }

  func samples(_ part: String) -> [String] { lines(part).filter { !$0.hasPrefix("#") } }

  func openMetricsLines(_ part: String = "") -> [String] {
    lines(part, accept: Scene.openMetrics)
  }

  static let openMetrics = "application/openmetrics-text"

  func refused(_ reason: String) -> String? {
    registry.page().body.split(separator: "\n")
      .first { $0.hasPrefix("refused_total{reason=\"\(reason)\"}") }
      .map { String($0.split(separator: " ")[1]) }
  }
}
