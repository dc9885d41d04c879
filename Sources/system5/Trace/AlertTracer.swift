import HashTreeCollections
import System5Core
import System5Wire

/// What began and ended the episodes of some alerts: thresholds, measurements, analyses.
struct AlertTracer: Tracer {
  let system: Text
  /// An alert's id, the name of a source, or `requisite-variety`.
  let name: Text
  private let parser = JSONParser()

  init(system: Text, name: Text) {
    self.system = system
    self.name = name
  }

  var input: InputTopic { .variety }

  func change(by step: TraceStep) -> TraceChange? {
    let source = step.event?.data["source"]?.text.map { Text($0) }
    var texts: [String] = []
    if let source {
      let directions = directions(of: source)
      if !directions.isEmpty, let refusal = step.refusal {
        texts.append(refusal)
      }
      for direction in directions { texts += watching(source, direction, step) }
    }
    let results = step.step.results.isEmpty ? [] : results(of: step)
    return TraceChange(texts, results)
  }

  /// The directions whose threshold is behind the alerts that are meant. A critical trend is judged
  /// by the threshold above.
  private func directions(of source: Text) -> [Direction] {
    if source == name { return Direction.allCases }
    let above =
      name == Alert.id(of: system, kind: .varietyThreshold, source: source, direction: .above)
      || name == Alert.id(of: system, kind: .criticalTrend, source: source, direction: nil)
    let below =
      name == Alert.id(of: system, kind: .varietyThreshold, source: source, direction: .below)
    return (above ? [.above] : []) + (below ? [.below] : [])
  }

  /// What became of a threshold and of the violation of it.
  private func watching(
    _ source: Text, _ direction: Direction, _ step: TraceStep
  ) -> [String] {
    let before = found(in: step.before)?.watching(source, direction)
    let after = found(in: step.after)?.watching(source, direction)
    if before == after { return [] }
    guard let after else { return ["threshold \(direction) cleared"] }
    var texts: [String] = []
    if before?.threshold != after.threshold {
      texts.append("threshold \(Self.text(after.threshold))")
    }
    if before?.violatingSince != after.violatingSince, before != nil || after.violatingSince != nil
    {
      texts.append(
        after.violatingSince.map { "violated since \(RFC3339.text(of: $0))" }
          ?? "no longer violated")
    }
    return texts
  }

  private static func text(_ threshold: Threshold) -> String {
    var text = "\(threshold.direction) \(ShortestNumber.text(of: threshold.threshold))"
    if let recovery = threshold.recovery {
      text += ", recovery at \(ShortestNumber.text(of: recovery))"
    }
    if threshold.forSeconds > 0 {
      text += ", for \(ShortestNumber.text(of: threshold.forSeconds)) s"
    }
    return text
  }

  /// Those about the alerts that are meant. An alert never changes without a result.
  private func results(of step: TraceStep) -> [TracedResult] {
    let prefix = Array("\(system)/".utf8)
    let subjects = step.step.results.filter { $0.topic == .result(.alerts) }.compactMap { result in
      result.key.map { Text(String(decoding: $0.dropFirst(prefix.count), as: UTF8.self)) }
    }
    let meant = subjects.filter { id in
      id == name || (found(in: step.after)?.alert(id)).map(isMeant) ?? false
    }
    return step.results(about: Set(meant), of: system, parser: parser)
  }

  private func isMeant(_ alert: Alert) -> Bool {
    alert.source == name
      || alert.kind == .requisiteVariety && name == Text(alert.kind.rawValue)
  }

  private func found(in state: any PartitionState) -> SystemVariety? {
    (state as? Partition<VarietyMetricsStore>)?.shard.store.systems[system]
  }
}
