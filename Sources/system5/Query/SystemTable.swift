import System5Core

/// Systems in numbers, a row each.
enum SystemTable {
  static let empty = TextTable(
    "SYSTEM", "GAP", "COVERAGE", "MET", "FIRING", "POLICIES", "ADAPTATIONS", "PATTERNS", "SUCCESS")

  static func add(_ system: JSONObject, to table: inout TextTable) {
    table.add(
      system.shown("system"), shown(system, "variety_gap"), system.percent("coverage_ratio"),
      met(system), shown(system, "firing_alerts"), shown(system, "policy_count"),
      shown(system, "adaptation_count"), shown(system, "pattern_count"),
      system.percent("adaptation_success_rate"))
  }

  /// What another worker knows is null here.
  private static func shown(_ system: JSONObject, _ name: Text) -> String {
    let text = system.shown(name)
    return text == "null" ? "-" : text
  }

  private static func met(_ system: JSONObject) -> String {
    switch system["requisite_variety_met"] {
    case .bool(true): "yes"
    case .bool(false): "NO"
    default: "-"
    }
  }
}
