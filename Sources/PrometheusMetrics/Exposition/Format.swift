/// The two formats that Prometheus reads.
enum Format: Sendable, CaseIterable {
  /// Prometheus's own, version 0.0.4.
  case text
  /// OpenMetrics 1.0.0.
  case openMetrics

  var contentType: String {
    switch self {
    case .text: "text/plain; version=0.0.4; charset=utf-8"
    case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
    }
  }

  /// What the reader likes best of what there is; its own text where it asks for neither, as every
  /// reader can make something of that.
  static func negotiated(_ accept: String?) -> Format {
    var best: (format: Format, quality: Double) = (.text, 0)
    for range in (accept ?? "").split(separator: ",") {
      guard let (format, quality) = choice(range), quality > best.quality else { continue }
      best = (format, quality)
    }
    return best.format
  }

  private static func choice(_ range: Substring) -> (Format, quality: Double)? {
    let parts = range.split(separator: ";").map(\.trimmed)
    var parameters: [Substring: Substring] = [:]
    for part in parts.dropFirst() {
      guard let equals = part.firstIndex(of: "=") else { continue }
      parameters[part[..<equals]] = part[part.index(after: equals)...]
    }
    guard let format = format(parts.first ?? "", version: parameters["version"]) else { return nil }
    return (format, parameters["q"].map { Double($0) ?? 0 } ?? 1)
  }

  private static func format(_ mediaType: Substring, version: Substring?) -> Format? {
    switch mediaType.lowercased() {
    case "application/openmetrics-text": version ?? "1.0.0" == "1.0.0" ? .openMetrics : nil
    case "text/plain": version ?? "0.0.4" == "0.0.4" ? .text : nil
    case "text/*", "*/*": .text
    default: nil
    }
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    let start = drop { $0 == " " || $0 == "\t" }
    let end = start.lastIndex { $0 != " " && $0 != "\t" }
    return end.map { start[...$0] } ?? ""
  }
}
