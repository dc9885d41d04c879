/// Where a series keeps its value.
enum Cell: Sendable {
  case counter(CounterCell)
  case gauge(GaugeCell)
  case histogram(HistogramCell)
}

extension Cell {
  /// What it holds at one moment.
  enum Value: Sendable {
    /// Whole numbers and fractions apart; `created` is nil where it is not known.
    case counter(UInt64, Double, created: Double?)
    case gauge(Double)
    case histogram(HistogramCell.State, bounds: [Double], created: Double)
  }

  var value: Value {
    switch self {
    case .counter(let cell): .counter(cell.count, cell.rest, created: cell.created)
    case .gauge(let cell): .gauge(cell.value)
    case .histogram(let cell):
      .histogram(cell.state, bounds: cell.bounds, created: cell.created)
    }
  }
}

/// Whose cell it is.
struct SeriesIdentity: Hashable, Sendable {
  let family: String
  let labels: LabelSet
}
