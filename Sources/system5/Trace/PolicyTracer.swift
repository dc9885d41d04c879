import HashTreeCollections
import System5Core
import System5Wire

/// Every event of one policy, the refused ones too.
struct PolicyTracer: Tracer {
  let system: Text
  let policy: Text

  var input: InputTopic { .policy }

  func change(by step: TraceStep) -> TraceChange? {
    let before = found(in: step.before)
    let after = found(in: step.after)
    let isMeant = step.event?.names("policy", policy) ?? false
    if isMeant, let refusal = step.refusal { return TraceChange(refusal) }
    guard before != after || isMeant && !step.isDuplicate, let after else { return nil }
    return TraceChange(Self.text(before, after, step.event))
  }

  private func found(in state: any PartitionState) -> Policy? {
    (state as? Partition<PolicyStore>)?.shard.store.systems[system]?.policies[policy]
  }

  private static func text(_ before: Policy?, _ after: Policy, _ event: TracedEvent?) -> String {
    guard let before else { return "created at version \(after.version)" }
    var parts: [String] = []
    if before.version != after.version {
      parts.append("version \(before.version) to \(after.version)")
      if let version = event?.data["to_version"]?.integer {
        parts.append("as version \(version) was")
      } else {
        if before.data != after.data { parts.append("data changed") }
        if before.metadata != after.metadata { parts.append("metadata changed") }
      }
    }
    if before.isActive != after.isActive {
      parts.append(after.isActive ? "active again" : "deleted")
    }
    for (name, count) in [
      ("usage", \Policy.usageCount), ("successes", \.successCount), ("failures", \.failureCount),
    ] where before[keyPath: count] != after[keyPath: count] {
      parts.append("\(name) \(before[keyPath: count]) to \(after[keyPath: count])")
    }
    return parts.isEmpty ? "changed nothing" : parts.joined(separator: ", ")
  }
}
