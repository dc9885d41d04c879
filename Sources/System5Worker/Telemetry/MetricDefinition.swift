/// What a metric is: for the page that is scraped, and for the documentation.
package struct MetricDefinition: Sendable, Hashable {
  package enum Kind: String, Sendable { case counter, gauge, histogram, info }

  package let kind: Kind
  package let help: String
  /// A base unit; nil for what is counted.
  package let unit: String?
  /// Each of few values.
  package let labels: [String]
  /// Upper bounds of a histogram's buckets.
  package let buckets: [Double]

  static func counter(
    _ help: String, unit: String? = nil, by labels: String...
  ) -> MetricDefinition {
    MetricDefinition(kind: .counter, help: help, unit: unit, labels: labels, buckets: [])
  }

  static func gauge(
    _ help: String, unit: String? = nil, by labels: String...
  ) -> MetricDefinition {
    MetricDefinition(kind: .gauge, help: help, unit: unit, labels: labels, buckets: [])
  }

  static func info(_ help: String, by labels: String...) -> MetricDefinition {
    MetricDefinition(kind: .info, help: help, unit: nil, labels: labels, buckets: [])
  }

  static func histogram(
    _ help: String, unit: String? = nil, buckets: [Double], by labels: String...
  ) -> MetricDefinition {
    MetricDefinition(kind: .histogram, help: help, unit: unit, labels: labels, buckets: buckets)
  }
}
