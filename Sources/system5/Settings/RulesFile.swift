import System5Core

/// The rules that shape results, from a JSON file: `System5Core.Rules` with its names in snake
/// case, spans in seconds. What is left out keeps its default; unknown names are errors.
struct RulesFile {
  private typealias Setter = (inout Rules, JSONValue) -> Bool

  static func read(_ path: String) throws(CommandFailure) -> Rules {
    try rules(from: JSONFile.object(at: path, as: "rules"), of: path)
  }

  static func rules(
    from object: JSONObject, of path: String
  ) throws(CommandFailure) -> Rules {
    var rules = Rules()
    for member in object.members where member.name != "$schema" {
      if member.name == "limits", let limits = member.value.object {
        try apply(limits, by: limitSetters, under: "limits.", of: path, to: &rules)
      } else {
        try apply(JSONObject([member]), by: setters, under: "", of: path, to: &rules)
      }
    }
    return rules
  }

  private static func apply(
    _ object: JSONObject, by setters: [String: Setter], under prefix: String, of path: String,
    to rules: inout Rules
  ) throws(CommandFailure) {
    for member in object.members {
      let name = prefix + member.name.string
      guard let set = setters[member.name.string] else {
        throw CommandFailure(.configuration, "\(path): there is no rule \(name)")
      }
      if !set(&rules, member.value) {
        throw CommandFailure(
          .configuration, "\(path): \(name) is out of range: \(member.value.canonicalText)")
      }
    }
  }

  private static var setters: [String: Setter] {
    [
      "future_tolerance_seconds": span(\.futureTolerance, from: 0),
      "redelivery_window": count(\.redeliveryWindow, from: 1),
      "policy_versions": count(\.policyVersions, from: 1),
      "pattern_effectiveness": share(\.patternEffectiveness),
      "min_occurrences": count(\.minOccurrences, from: 1),
      "extraction_period_seconds": span(\.extractionPeriod, from: 1),
      "successful_effectiveness": share(\.successfulEffectiveness),
      "variety_retention_seconds": span(\.varietyRetention, from: 1),
      "trend_period_seconds": span(\.trendPeriod, from: 1),
      "gap_interval_seconds": span(\.gapInterval, from: 0),
    ]
  }

  private static var limitSetters: [String: Setter] {
    [
      "policies": count(\.limits.policies, from: 1),
      "adaptations": count(\.limits.adaptations, from: 1),
      "sources": count(\.limits.sources, from: 1),
      "free_form_bytes": count(\.limits.freeFormBytes, from: 2),
    ]
  }

  private static func count(_ path: WritableKeyPath<Rules, Int>, from least: Int) -> Setter {
    { rules, value in
      guard let number = value.integer, number >= least else { return false }
      rules[keyPath: path] = number
      return true
    }
  }

  private static func share(_ path: WritableKeyPath<Rules, Double>) -> Setter {
    { rules, value in
      guard let number = value.number, (0...1).contains(number) else { return false }
      rules[keyPath: path] = number
      return true
    }
  }

  private static func span(
    _ path: WritableKeyPath<Rules, Timestamp.Span>, from least: Double
  ) -> Setter {
    { rules, value in
      guard let number = value.number, number >= least, number <= 1e10 else { return false }
      rules[keyPath: path] = Timestamp.Span(seconds: number)
      return true
    }
  }
}
