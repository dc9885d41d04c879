/// What a metric is, for those who read it: its family's first lines on the page come from here.
public struct MetricDescription: Sendable, Hashable {
  public enum Kind: String, Sendable, CaseIterable {
    case counter, gauge, histogram
    /// A gauge that is always 1, whose labels are what it says.
    case info
  }

  /// As its samples have it: a counter's ends in `_total`, an info's in `_info`.
  public let name: String
  public let kind: Kind
  public let help: String
  /// A base unit, such as `seconds`, with which the name ends; a counter's before `_total`.
  public let unit: String?
  /// The names of its labels, for its documentation.
  public let labels: [String]
  /// Upper bounds of a histogram's buckets, ascending, without the infinite one.
  public let buckets: [Double]

  /// - Parameter buckets: those that are not finite and positive are left out; none are the
  ///   registry's.
  public init(
    _ kind: Kind, _ name: String, help: String, unit: String? = nil, labels: [String] = [],
    buckets: [Double] = []
  ) {
    self.kind = kind
    self.name = name
    self.help = help
    self.unit = unit
    self.labels = labels
    self.buckets = Set(buckets.filter { $0.isFinite && $0 > 0 }).sorted()
  }
}
