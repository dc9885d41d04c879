/// The text that a scrape gets.
public struct Page: Sendable, Hashable {
  public let contentType: String
  public let body: String

  /// - Parameter families: in the order in which they are to come.
  init(_ families: [FamilyValues], in format: Format) {
    var writer = PageWriter(format)
    for family in families { writer.write(family) }
    contentType = format.contentType
    body = writer.finished
  }
}

/// Writes families as they are given: equal values, equal bytes.
private struct PageWriter {
  private let format: Format
  private var text = ""

  init(_ format: Format) { self.format = format }

  /// OpenMetrics says where it ends, so that half a page is not taken for a whole one.
  var finished: String { format == .openMetrics ? text + "# EOF\n" : text }

  mutating func write(_ values: FamilyValues) {
    let family = values.family
    writeHead(of: family)
    for (labels, value) in values.series {
      switch value {
      case .counter(let count, let rest, let created):
        let number = rest == 0 ? "\(count)" : NumberText.value(Double(count) + rest)
        line(family.name + "_total", labels, number)
        writeCreated(created, family, labels)
      case .gauge(let number):
        let name = family.kind == .info ? family.name + "_info" : family.name
        line(name, labels, NumberText.value(number))
      case .histogram(let state, let bounds, let created):
        write(state, bounds, family, labels)
        writeCreated(created, family, labels)
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

  private mutating func write(
    _ histogram: HistogramCell.State, _ bounds: [Double], _ family: Family, _ labels: LabelSet
  ) {
    var count: UInt64 = 0
    for (bound, own) in zip(bounds + [.infinity], histogram.counts) {
      count &+= own
      line(family.name + "_bucket", labels, "\(count)", le: NumberText.bound(bound))
    }
    line(family.name + "_sum", labels, NumberText.value(histogram.sum))
    line(family.name + "_count", labels, "\(count)")
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
