/// All series of one name.
struct Family: Sendable {
  typealias Kind = MetricDescription.Kind

  struct Series: Sendable {
    let cell: Cell
    /// How many have asked for it and not yet destroyed it.
    var holders = 1
  }

  /// Without the suffix that its samples have.
  let name: String
  let kind: Kind
  let help: String
  let unit: String?
  let bounds: [Double]
  var series: [LabelSet: Series] = [:]

  init(name: String, kind: Kind, description: MetricDescription?, defaultBounds: [Double]) {
    self.name = name
    self.kind = kind
    help = description?.help ?? ""
    // A unit is only to be named where the name ends with it.
    unit = description?.unit.flatMap { name.hasSuffix("_" + $0) ? $0 : nil }
    let bounds = description?.buckets ?? []
    self.bounds = bounds.isEmpty ? defaultBounds : bounds
  }

  /// Its values at this moment, by label.
  var values: FamilyValues {
    FamilyValues(
      family: self,
      series: series.sorted { $0.key < $1.key }.map { ($0.key, $0.value.cell.value) })
  }

  /// The family's name on the page: the older format has the suffix in it.
  func name(in format: Format) -> String {
    switch (format, kind) {
    case (.text, .counter): name + "_total"
    case (.text, .info): name + "_info"
    default: name
    }
  }

  /// The names that no other family may have, nor any of its samples.
  var claims: [String] {
    switch kind {
    case .counter: [name, name + "_total", name + "_created"]
    case .gauge: [name]
    case .info: [name, name + "_info"]
    case .histogram: [name, name + "_bucket", name + "_sum", name + "_count", name + "_created"]
    }
  }

  /// Label names that its samples need.
  static func reservedLabels(of kind: Kind) -> Set<String> { kind == .histogram ? ["le"] : [] }

  /// A counter's name ends in `_total`, whether or not its maker has said so.
  static func baseName(of name: String, kind: Kind) -> String {
    switch kind {
    case .counter: name.droppingSuffix("_total")
    case .info: name.droppingSuffix("_info")
    case .gauge, .histogram: name
    }
  }
}

/// What a family's series hold at one moment, in the order of their labels.
struct FamilyValues: Sendable {
  let family: Family
  let series: [(labels: LabelSet, value: Cell.Value)]
}
