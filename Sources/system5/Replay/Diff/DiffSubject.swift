import System5Core
import System5Wire

/// What a result is about, which is what two derivations are compared by.
struct DiffSubject: Hashable {
  enum Kind: String, CaseIterable {
    case alert, pattern
    case gapAnalysis = "gap-analysis"
    case trendAnalysis = "trend-analysis"
    case deadLetter = "dead-letter"

    /// `2 alerts`.
    func counted(_ count: Int) -> String {
      let noun = rawValue.replacing("-", with: " ")
      if count == 1 { return "1 \(noun)" }
      return noun.hasSuffix("analysis")
        ? "\(count) \(noun.dropLast(2))es" : "\(count) \(noun)s"
    }
  }

  let kind: Kind
  let system: String
  /// The alert with the beginning of its episode, or the pattern; else the cause.
  let name: String
}

/// What one result says of its subject.
struct DiffFacet: Equatable {
  let type: String
  let time: String
  let data: JSONObject

  /// nil for a tombstone, which says nothing that the event before it does not.
  static func of(
    _ result: ResultRecord, at position: Position, parser: JSONParser
  ) -> (subject: DiffSubject, facet: DiffFacet)? {
    if result.topic == .deadLetters { return deadLetter(result, at: position) }
    guard let content = ResultContent(result.value, parser: parser) else { return nil }
    var data = content.data
    // Counts episodes of which others may have come or gone.
    data.set("episode", to: nil)
    let subject = DiffSubject(
      kind: kind(of: content.type), system: data["system"]?.text ?? "",
      name: name(content, at: position))
    return (subject, DiffFacet(type: content.type, time: content.time, data: data))
  }

  private static func kind(of type: String) -> DiffSubject.Kind {
    switch type {
    case "system5.alert.firing", "system5.alert.resolved": .alert
    case "system5.gap.analysed": .gapAnalysis
    case "system5.trends.analysed": .trendAnalysis
    default: .pattern
    }
  }

  private static func name(_ content: ResultContent, at position: Position) -> String {
    switch kind(of: content.type) {
    case .alert:
      "\(content.data["alert"]?.text ?? "") from \(content.data["starts_at"]?.text ?? "")"
    case .pattern: content.data["pattern"]?.text ?? ""
    default: position.text
    }
  }

  private static func deadLetter(
    _ result: ResultRecord, at position: Position
  ) -> (subject: DiffSubject, facet: DiffFacet)? {
    guard let origin = LetterOrigin(result.headers) else { return nil }
    let system = result.key.map { String(decoding: $0, as: UTF8.self) } ?? ""
    let data: JSONObject = [
      "code": .string(Text(origin.code)), "message": .string(Text(origin.message)),
    ]
    return (
      DiffSubject(kind: .deadLetter, system: system, name: position.text),
      DiffFacet(type: "dead letter", time: "", data: data)
    )
  }
}
