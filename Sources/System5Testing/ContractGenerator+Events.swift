extension ContractGenerator {
  mutating func policy() -> (type: String, data: Fields) {
    var data: Fields = [("policy", text("p-\(pick(Array(0..<8)))"))]
    let type = pick([
      "stored", "stored", "updated", "updated", "updated", "rolled-back", "deleted", "restored",
      "effectiveness-recorded",
    ])
    switch type {
    case "stored", "updated":
      data.append(("data", freeForm()))
      if chance(2) { data.append(("metadata", freeForm())) }
    case "rolled-back": data.append(("to_version", "\(pick(Array(1...14)))"))
    case "effectiveness-recorded":
      for name in ["usage_count", "success_count", "failure_count"] where chance(2) {
        data.append((name, pick(["0", "1", "7", "1e1", "3.0", "9007199254740991"])))
      }
    default: break
    }
    if chance(3) { data.append(("expected_version", "\(pick(Array(1...5)))")) }
    return ("system5.policy.\(type)", data)
  }

  private mutating func freeForm() -> String {
    pick([
      "{}", #"{"rules":["a","b"],"share":0.10,"ceiling":12345678901234567890123}"#,
      #"{"rules":null,"limits":{"x":1,"y":null}}"#, #"{"limits":{"x":null,"z":{"deep":[null]}}}"#,
      #"{"limits":7,"é":"\u00e9\n"}"#, #"{"e\u0301":1,"limits":{"y":[{"n":null}]}}"#,
    ])
  }

  mutating func adaptation() -> (type: String, data: Fields) {
    switch pick(Array(0..<24)) {
    case 0: return ("system5.patterns.extraction-requested", [])
    case 1:
      return (
        "system5.patterns.extraction-requested",
        [("min_occurrences", pick(["1", "2", "4", "2.0"]))]
      )
    case 2:
      let domains = pick([("web", "mobile"), ("mobile", "web"), ("web", "web"), ("general", "x")])
      return (
        "system5.knowledge.transfer-requested",
        [("from_domain", text(domains.0)), ("to_domain", text(domains.1))]
      )
    case 3: return ("system5.pattern.learned", learned())
    case 4...10: return ("system5.adaptation.stored", stored())
    case 11...13: return ("system5.adaptation.outcome-recorded", described() + outcome())
    default: return ("system5.adaptation.outcome-recorded", [adaptationID()] + outcome())
    }
  }

  private mutating func learned() -> Fields {
    [
      ("pattern", text("learnt")), ("trigger_conditions", #"{"type":"t0"}"#),
      ("recommended_actions", #"["remind"]"#), ("confidence", pick(["0", "1", "0.75"])),
    ]
  }

  private mutating func adaptationID() -> (name: String, text: String) {
    ("adaptation", text("a-\(pick(Array(0..<17)))"))
  }

  private mutating func described() -> Fields {
    var data: Fields = [
      adaptationID(), ("anomaly_context", context()),
      ("policy_changes", changes()),
    ]
    if !chance(4) { data.append(("domain", text(pick(["web", "web", "mobile"])))) }
    return data
  }

  private mutating func stored() -> Fields {
    var data = described()
    if chance(2) { data.append(("outcome", ContractGenerator.object(outcome()))) }
    return data
  }

  private mutating func outcome() -> Fields {
    var data: Fields = [("success", chance(5) ? "false" : "true")]
    if !chance(4) { data.append(("performance_impact", impact())) }
    if !chance(4) { data.append(("stability_impact", impact())) }
    return data
  }

  private mutating func impact() -> String {
    pick(["0", "1", "0.5", "0.25", "0.7", "0.85", "-1", "-0.5", "3", "2.5", "-1e100", "1e100"])
  }

  private mutating func changes() -> String {
    let all = ["scale_up", "cache", "rate_limit", "restart", "failover", "shed", "scale_up"]
    let taken = all.filter { _ in chance(2) }
    return "[" + taken.map { "\"\($0)\"" }.joined(separator: ",") + "]"
  }

  /// Few kinds, so that groups form; the same object written in two ways.
  private mutating func context() -> String {
    if chance(8) {
      return pick([
        #"{"o":{"x":1,"y":[true,null]}}"#, #"{"o":{"y":[true,null],"x":1}}"#, "{}",
        #"{"type":null,"big":[12345678901234567890123]}"#, #"{"é":"x"}"#, #"{"e\u0301":"x"}"#,
      ])
    }
    var fields: Fields = [("type", text(pick(["t0", "t0", "t1"])))]
    if chance(2) { fields.append(("urgent", chance(3) ? "true" : "false")) }
    fields.append(("severity", chance(15) ? text("high") : number()))
    if chance(6) { fields.append(("load", "-\(number())")) }
    if chance(2) { fields.reverse() }
    return ContractGenerator.object(fields)
  }
}

extension ContractGenerator {
  mutating func variety() -> (type: String, data: Fields) {
    switch pick(Array(0..<40)) {
    case 0...4: return ("system5.variety.threshold-set", threshold())
    case 5...6:
      var data: Fields = [source()]
      if chance(2) { data.append(("direction", text(pick(["above", "below"])))) }
      return ("system5.variety.threshold-cleared", data)
    case 7: return ("system5.variety.amplified", [("amplifier", id())] + conversion())
    case 8: return ("system5.variety.attenuated", [("attenuator", id())] + conversion())
    default: return ("system5.variety.measured", measurement())
    }
  }

  private mutating func source() -> (name: String, text: String) {
    let names = ["environment", "market", "system", "queue", "staff", "environment", "system"]
    return ("source", chance(10) ? id() : text(pick(names)))
  }

  private mutating func id() -> String { text("id \(pick(Array(0..<9)))") }

  private mutating func measurement() -> Fields {
    let source = source()
    // One that goes up or down with the hours, so that trends are of every steepness.
    let variety = source.text == "\"queue\"" && !chance(10) ? drifting() : number()
    var data: Fields = [source, ("variety", variety)]
    if chance(5) { data.append(("capacity", number())) }
    if chance(12) { data.append(("role", text(pick(["environment", "system"])))) }
    if chance(9) { data.append(("metadata", #"{"agents":25}"#)) }
    return data
  }

  private mutating func conversion() -> Fields {
    [
      ("input_variety", chance(9) ? "1e-300" : number()), ("output_variety", number()),
    ]
  }

  private mutating func threshold() -> Fields {
    let limit = pick([100, 100, pick(Array(10...180))])
    let isBelow = chance(3)
    var data: Fields = [source(), ("threshold", "\(limit)")]
    if isBelow { data.append(("direction", "\"below\"")) }
    if chance(2) {
      let away = pick([0, 0, 20, 50])
      data.append(("recovery_threshold", "\(isBelow ? limit + away : limit - away)"))
    }
    if chance(2) { data.append(("for_seconds", pick(["0", "0.5", "30", "60", "1e1", "1e100"]))) }
    return data
  }
}
