import System5Core

/// A digest of the rules that a store's state follows from.
///
/// A state that grew under one set of rules and goes on under another is what no log leads to under
/// either: adaptations that support a pattern, versions that are kept, points that are gone. So
/// whoever takes a checkpoint must be able to tell. Rules that a store does not look at, or only
/// when it is asked, do not count: changing a trend's period must not cost the policies their
/// checkpoint.
enum RulesDigest {
  static func digest(of rules: Rules, for input: InputTopic) -> UInt64 {
    let lines = (shared(rules) + own(rules, input)).map { "\($0)=\($1)\n" }
    return XXH64.hash(Array(lines.joined().utf8))
  }

  private typealias Line = (name: String, value: String)

  private static func shared(_ rules: Rules) -> [Line] {
    [
      ("futureTolerance", text(rules.futureTolerance)),
      ("redeliveryWindow", "\(rules.redeliveryWindow)"),
      ("limits.freeFormBytes", "\(rules.limits.freeFormBytes)"),
    ]
  }

  private static func own(_ rules: Rules, _ input: InputTopic) -> [Line] {
    switch input {
    case .policy:
      [
        ("policyVersions", "\(rules.policyVersions)"),
        ("limits.policies", "\(rules.limits.policies)"),
      ]
    case .adaptation:
      [
        ("patternEffectiveness", ShortestNumber.text(of: rules.patternEffectiveness)),
        ("minOccurrences", "\(rules.minOccurrences)"),
        ("extractionPeriod", text(rules.extractionPeriod)),
        ("limits.adaptations", "\(rules.limits.adaptations)"),
      ]
    case .variety:
      [
        ("varietyRetention", text(rules.varietyRetention)),
        ("trendPeriod", text(rules.trendPeriod)),
        ("gapInterval", text(rules.gapInterval)),
        ("limits.sources", "\(rules.limits.sources)"),
      ]
    }
  }

  private static func text(_ span: Timestamp.Span) -> String { "\(span.microseconds)" }
}
