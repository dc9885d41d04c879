/// What tells the series of a family apart: sorted by name, every name once, no value empty.
struct LabelSet: Hashable, Sendable {
  struct Label: Hashable, Sendable {
    let name: String
    let value: String
  }

  let labels: [Label]

  /// Where several names become one, their values are joined, as OpenTelemetry has it; a label
  /// without a value is, to Prometheus, no label.
  ///
  /// - Parameter reserved: names that the family's samples need for themselves.
  init(_ dimensions: [(String, String)], reserved: Set<String> = []) {
    var values: [String: String] = [:]
    for (dimension, value) in dimensions.sorted(by: { $0 < $1 }) where !value.isEmpty {
      var name = Naming.label(dimension)
      if reserved.contains(name) { name = "exported_" + name }
      values[name] = values[name].map { "\($0);\(value)" } ?? value
    }
    labels = values.map(Label.init).sorted { $0.name < $1.name }
  }
}

extension LabelSet: Comparable {
  static func < (left: LabelSet, right: LabelSet) -> Bool {
    left.labels.lexicographicallyPrecedes(right.labels) {
      ($0.name, $0.value) < ($1.name, $1.value)
    }
  }
}
