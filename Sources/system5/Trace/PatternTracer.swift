import HashTreeCollections
import System5Core
import System5Wire

/// Who supports a pattern, and what was published of it.
struct PatternTracer: Tracer {
  let system: Text
  let pattern: Text
  let rules: Rules
  private let parser = JSONParser()

  init(system: Text, pattern: Text, rules: Rules) {
    self.system = system
    self.pattern = pattern
    self.rules = rules
  }

  var input: InputTopic { .adaptation }

  func change(by step: TraceStep) -> TraceChange? {
    var texts: [String] = []
    if let id = step.event?.data["adaptation"]?.text { texts += support(by: Text(id), step) }
    if learned(in: step.before) != learned(in: step.after) {
      texts.append("learned from elsewhere")
    }
    if step.event?.names("pattern", pattern) ?? false, let refusal = step.refusal {
      texts.append(refusal)
    }
    let results =
      step.step.results.isEmpty
      ? [] : step.results(about: [pattern], of: system, parser: parser)
    if !results.isEmpty, texts.isEmpty, let reason = reason(step, results) { texts.append(reason) }
    return TraceChange(texts, results)
  }

  /// What an adaptation's event changed in the group of those that support the pattern.
  private func support(by adaptation: Text, _ step: TraceStep) -> [String] {
    let before = AdaptationTracer.found(adaptation, of: system, in: step.before)
    let after = AdaptationTracer.found(adaptation, of: system, in: step.after)
    guard before != after else { return [] }
    let did = before.flatMap { $0.supportedPattern(by: rules) } == pattern
    let does = after.flatMap { $0.supportedPattern(by: rules) } == pattern
    let count = found(in: step.after)?.supporters(of: pattern) ?? 0
    let detail = after.map { AdaptationTracer.text(before, $0, step.event) } ?? ""
    switch (did, does) {
    case (false, false): return []
    case (false, true): return ["\(adaptation) joins, now \(count) (\(detail))"]
    case (true, false): return ["\(adaptation) leaves, now \(count) (\(detail))"]
    case (true, true): return ["\(adaptation) supports it anew (\(detail))"]
    }
  }

  /// Why something was published though the event is no supporter's.
  private func reason(_ step: TraceStep, _ results: [TracedResult]) -> String? {
    switch step.event?.type {
    case "system5.patterns.extraction-requested": "extraction requested"
    case "system5.knowledge.transfer-requested": "transfer requested"
    default: results.first.map { "periodic extraction of \($0.content.time)" }
    }
  }

  private func learned(in state: any PartitionState) -> LearnedPattern? {
    found(in: state)?.learned[pattern]
  }

  private func found(in state: any PartitionState) -> SystemAdaptations? {
    (state as? Partition<AdaptationStore>)?.shard.store.systems[system]
  }
}
