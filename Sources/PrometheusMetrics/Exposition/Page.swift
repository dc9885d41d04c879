/// The text that a scrape gets.
public struct Page: Sendable, Hashable {
  public let contentType: String
  public let body: String

  /// - Parameter families: in the order in which they are to come.
  init(_ families: [Family], in format: Format) {
    var writer = PageWriter(format)
    for family in families { writer.write(family) }
    contentType = format.contentType
    body = writer.finished
  }
}

/// Writes families, series by series in the order of their labels: equal values, equal bytes.
private struct PageWriter {
  private let format: Format
  private var text = ""

  init(_ format: Format) { self.format = format }

  /// OpenMetrics says where it ends, so that half a page is not taken for a whole one.
  var finished: String { format == .openMetrics ? text + "# EOF\n" : text }

  mutating func write(_ family: Family) {
    writeHead(of: family)
    for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
      switch series.cell {
      case .counter(let counter): write(counter, family, labels)
      case .gauge(let gauge):
        let name = family.kind == .info ? family.name + "_info" : family.name
        line(name, labels, NumberText.value(gauge.value))
      case .histogram(let histogram): write(histogram, family, labels)
      }
    }
  }

  private mutating func writeHead(of family: Family) {
    let name = family.name(in: format)
    let help = family.help.isEmpty ? nil : "# HELP \(name) \(escaped(help: family.help))\n"
    switch format {
    case .text:
      let type = family.kind == .info ? MetricDescription.Kind.gauge : family.kind
      text += (help ?? "") + "# TYPE \(name) \(type.rawValue)\n"
    case .openMetrics:
      text += "# TYPE \(name) \(family.kind.rawValue)\n"
      if let unit = family.unit { text += "# UNIT \(name) \(unit)\n" }
      text += help ?? ""
    }
  }

  private mutating func write(_ counter: CounterCell, _ family: Family, _ labels: LabelSet) {
    let (count, rest) = (counter.count, counter.rest)
    let value = rest == 0 ? "\(count)" : NumberText.value(Double(count) + rest)
    line(family.name + "_total", labels, value)
    writeCreated(counter.created, family, labels)
  }

  private mutating func write(
    _ histogram: HistogramCell, _ family: Family, _ labels: LabelSet
  ) {
    let state = histogram.state
    var count: UInt64 = 0
    for (bound, own) in zip(histogram.bounds + [.infinity], state.counts) {
      count &+= own
      line(family.name + "_bucket", labels, "\(count)", le: NumberText.bound(bound))
    }
    line(family.name + "_sum", labels, NumberText.value(state.sum))
    line(family.name + "_count", labels, "\(count)")
    writeCreated(histogram.created, family, labels)
  }

  /// Since when it counts; the older format has no place for that.
  private mutating func writeCreated(_ time: Double?, _ family: Family, _ labels: LabelSet) {
    guard format == .openMetrics, let time else { return }
    line(family.name + "_created", labels, NumberText.value(time))
  }

  private mutating func line(
    _ name: String, _ labels: LabelSet, _ value: String, le bound: String? = nil
  ) {
    var pairs = labels.labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
    if let bound { pairs.append("le=\"\(bound)\"") }
    text += pairs.isEmpty ? name : "\(name){\(pairs.joined(separator: ","))}"
    text += " \(value)\n"
  }

  private func escaped(help: String) -> String { escaped(help, quotes: format == .openMetrics) }

  private func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
