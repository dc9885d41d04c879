import HashTreeCollections
import System5Core
import System5Wire

/// Every event of one adaptation, the refused ones too.
struct AdaptationTracer: Tracer {
  let system: Text
  let adaptation: Text

  var input: InputTopic { .adaptation }

  func change(by step: TraceStep) -> TraceChange? {
    let before = Self.found(adaptation, of: system, in: step.before)
    let after = Self.found(adaptation, of: system, in: step.after)
    let isMeant = step.event?.names("adaptation", adaptation) ?? false
    if isMeant, let refusal = step.refusal { return TraceChange(refusal) }
    guard before != after || isMeant && !step.isDuplicate, let after else { return nil }
    return TraceChange(Self.text(before, after, step.event))
  }

  static func found(
    _ adaptation: Text, of system: Text, in state: any PartitionState
  ) -> Adaptation? {
    (state as? Partition<AdaptationStore>)?.shard.store
      .getAdaptation(adaptation, system: system)
  }

  static func text(_ before: Adaptation?, _ after: Adaptation, _ event: TracedEvent?) -> String {
    var parts: [String] = []
    let isStored = before == nil || event?.type == "system5.adaptation.stored"
    if isStored { parts.append("stored \(before == nil ? "" : "anew ")in \(after.domain)") }
    let former = isStored ? nil : before
    if let outcome = after.outcome, former?.appliedCount != after.appliedCount {
      let effectiveness = ShortestNumber.text(of: outcome.effectiveness)
      let probability = ShortestNumber.text(of: former?.successProbability ?? 0.5)
      parts.append(
        "\(outcome.success ? "success" : "failure"), effectiveness \(effectiveness), "
          + "success probability \(probability) to "
          + ShortestNumber.text(of: after.successProbability))
    }
    return parts.isEmpty ? "changed nothing" : parts.joined(separator: ", ")
  }
}
