import PrometheusMetrics
import System5Worker

/// Where a worker's metrics go, and what is known of them beforehand.
enum WorkerRegistry {
  private static let refusals = "system5_metrics_refused_series_total"

  /// Every metric that a worker's page has, the process's own among them.
  static var descriptions: [MetricDescription] {
    WorkerMetric.allCases.map(MetricDescription.init) + ProcessMetrics.descriptions
      + [Registry.describe(refusals: refusals)]
  }

  static func make() -> Registry {
    let registry = Registry(descriptions, refusals: refusals)
    ProcessMetrics.collect(in: registry)
    return registry
  }
}

extension MetricDescription {
  fileprivate init(_ metric: WorkerMetric) {
    let definition = metric.definition
    self.init(
      Kind(definition.kind), metric.rawValue, help: definition.help, unit: definition.unit,
      labels: definition.labels, buckets: definition.buckets)
  }
}

extension MetricDescription.Kind {
  fileprivate init(_ kind: MetricDefinition.Kind) {
    switch kind {
    case .counter: self = .counter
    case .gauge: self = .gauge
    case .histogram: self = .histogram
    case .info: self = .info
    }
  }
}
