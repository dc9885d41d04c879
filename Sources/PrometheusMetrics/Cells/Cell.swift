/// Where a series keeps its value.
enum Cell: Sendable {
  case counter(CounterCell)
  case gauge(GaugeCell)
  case histogram(HistogramCell)
}

/// Whose cell it is.
struct SeriesIdentity: Hashable, Sendable {
  let family: String
  let labels: LabelSet
}
