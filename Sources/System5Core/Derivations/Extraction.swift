import HashTreeCollections

/// Finding the patterns among a system's adaptations, and seeing them go.
extension SystemAdaptations {
  /// Publishes the pattern of a group that is not published and has enough members: what follows at
  /// once from the event that brought the last of them.
  mutating func publishAtOnce(
    _ key: PatternKey, at time: Timestamp, in context: Context,
    deriving outputs: inout [OutputEvent]
  ) {
    guard let group = groups[key], group.members.count >= context.rules.minOccurrences,
      !isPublished(key)
    else { return }
    publish(key, group, at: time, in: context, deriving: &outputs)
  }

  /// Publishes, in order of domain, then id, every pattern of at least `minOccurrences` members
  /// that is new or changed.
  ///
  /// - Parameter retires: whether published patterns that have become too rare are retired.
  mutating func extract(
    minOccurrences: Int, retires: Bool, at time: Timestamp, in context: Context,
    deriving outputs: inout [OutputEvent]
  ) {
    for key in groups.candidates(minOccurrences: minOccurrences) {
      guard let group = groups[key] else { continue }
      if group.members.count >= max(1, minOccurrences) {
        publish(key, group, at: time, in: context, deriving: &outputs)
      } else if retires, isPublished(key) {
        retire(key, group, at: time, in: context, deriving: &outputs)
      }
    }
  }

  /// Without a copy of the pattern, which took a tenth of recording an outcome.
  func isPublished(_ key: PatternKey) -> Bool { published.keys.contains(key) }

  private mutating func publish(
    _ key: PatternKey, _ group: PatternGroup, at time: Timestamp, in context: Context,
    deriving outputs: inout [OutputEvent]
  ) {
    groups.published(key, isLasting: group.members.count >= context.rules.minOccurrences)
    let former = published[key]
    guard var pattern = pattern(key, group, revision: former?.revision ?? 1), pattern != former
    else { return }
    if let former { pattern.revision = former.revision &+ 1 }
    published[key] = pattern
    outputs.append(
      OutputEvent(system: context.system, time: time, payload: .patternDerived(pattern)))
  }

  private func pattern(
    _ key: PatternKey, _ group: PatternGroup, revision: Int64
  ) -> DerivedPattern? {
    // Whichever comes first: members share their signature.
    guard let first = group.members.first, let example = adaptations[rows.adaptation(first)] else {
      return nil
    }
    var content = PatternContent(PatternSignature(of: example.context), of: rows)
    group.members.eachWord { content.add(from: $0, $1) }
    return content.pattern(key, domain: group.domain, revision: revision)
  }

  private mutating func retire(
    _ key: PatternKey, _ group: PatternGroup, at time: Timestamp, in context: Context,
    deriving outputs: inout [OutputEvent]
  ) {
    published.removeValue(forKey: key)
    groups.retired(key)
    let count = group.members.count
    let support =
      switch count {
      case 0: "No adaptation supports the pattern any more"
      case 1: "Only 1 adaptation still supports the pattern"
      default: "Only \(count) adaptations still support the pattern"
      }
    let reason = "\(support); at least \(context.rules.minOccurrences) are needed."
    outputs.append(
      OutputEvent(
        system: context.system, time: time,
        payload: .patternRetired(pattern: key.text, reason: reason)))
  }
}
