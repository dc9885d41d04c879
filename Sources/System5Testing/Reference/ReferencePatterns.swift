import System5Core
import System5Wire

/// A group of adaptations and what is said of it.
struct ReferencePattern: Sendable {
  var name: ReferenceWord
  var domain: ReferenceWord
  var revision = 0
  var members: Int
  var average: Double
  var content: ReferenceObject

  func data(_ system: ReferenceWord) -> ReferenceObject {
    var data = content
    data["system"] = .text(system)
    data["revision"] = .number(revision)
    return data
  }

  /// The model's name of a group: domain and signature. It is the same in every system.
  static func name(
    domain: ReferenceWord, categories: ReferenceObject, numbers: some Sequence<ReferenceWord>
  ) -> ReferenceWord {
    let numbers = ReferenceValue.list(numbers.sorted().map { .text($0) })
    let domain = ReferenceValue.text(domain)
    return ReferenceWord(
      "pattern \(domain.canonical) \(ReferenceValue.object(categories).canonical) "
        + numbers.canonical)
  }
}

extension ReferenceAdaptations {
  /// All groups there are now, however small.
  private func groups() -> [ReferencePattern] {
    let working = adaptations.filter {
      ($0.value.outcome?.effectiveness ?? 0) > rules.patternEffectiveness
    }
    let groups = Dictionary(grouping: working) { member in
      let context = member.value.context
      return ReferencePattern.name(
        domain: member.value.domain, categories: context.filter { $0.value.double == nil },
        numbers: context.filter { $0.value.double != nil }.keys)
    }
    return groups.map { name, members in
      pattern(name, members.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 })
    }
  }

  private typealias Member = (id: ReferenceWord, adaptation: ReferenceAdaptation)

  private func pattern(_ name: ReferenceWord, _ members: [Member]) -> ReferencePattern {
    let first = members[0].adaptation
    let effects = members.compactMap { $0.adaptation.outcome?.effectiveness }
    let successes = members.filter { $0.adaptation.outcome?.success == true }.count
    let latest = members.sorted {
      ($0.adaptation.updated, $0.id) > ($1.adaptation.updated, $1.id)
    }
    let average = referenceMean(effects)
    let content: ReferenceObject = [
      "pattern": .name(name), "pattern_type": "recurring_adaptation",
      "domain": .text(first.domain), "occurrences": .number(members.count),
      "avg_effectiveness": .number(average),
      "effectiveness_lower": .number(
        referenceWilson(Double(successes), of: Double(members.count)).low),
      "common_context": .object(first.context.filter { $0.value.double == nil }),
      "context_ranges": .object(ranges(members)),
      "recommended_actions": .list(actions(members)),
      "first_seen": .time(members.map(\.adaptation.created).min() ?? first.created),
      "last_seen": .time(members.map(\.adaptation.updated).max() ?? first.updated),
      "evidence": .list(latest.prefix(10).map { .text($0.id) }),
    ]
    return ReferencePattern(
      name: name, domain: first.domain, members: members.count, average: average,
      content: content)
  }

  private func ranges(_ members: [Member]) -> ReferenceObject {
    var ranges: ReferenceObject = [:]
    for name in members[0].adaptation.context.keys {
      let numbers = members.compactMap { $0.adaptation.context[name]?.double }
        .map { min(Rules.largestNumber, max(-Rules.largestNumber, $0)) }
      guard let least = numbers.min(), let most = numbers.max() else { continue }
      ranges[name] = [
        "min": .number(least), "mean": .number(referenceMean(numbers)), "max": .number(most),
      ]
    }
    return ranges
  }

  private func actions(_ members: [Member]) -> [ReferenceValue] {
    let names = Set(members.flatMap(\.adaptation.changes))
    let actions = names.map { name in
      let effects = members.filter { $0.adaptation.changes.contains(name) }
        .compactMap { $0.adaptation.outcome?.effectiveness }
      return (name, effects.count, referenceMean(effects))
    }
    let best = actions.sorted { ($1.1, $1.2, $0.0) < ($0.1, $0.2, $1.0) }.prefix(5)
    return best.map { name, count, average in
      [
        "action": .text(name), "support": .number(Double(count) / Double(members.count)),
        "avg_effectiveness": .number(average),
      ]
    }
  }
}

extension ReferenceAdaptations {
  /// What an event makes a pattern for the first time is published at once.
  mutating func publishNewGroups(at time: ReferenceTime, _ results: inout [ReferenceResult]) {
    for group in groups()
    where group.members >= rules.minOccurrences && published[group.name] == nil {
      publish(group, block: 1, at: time, &results)
    }
  }

  mutating func extractPeriodically(at time: ReferenceTime, _ results: inout [ReferenceResult]) {
    retire(at: time, &results)
    extract(least: rules.minOccurrences, block: 0, at: time, &results)
  }

  mutating func extract(
    least: Int, block: Int, at time: ReferenceTime, _ results: inout [ReferenceResult]
  ) {
    for group in groups()
    where group.members >= least && published[group.name]?.content != group.content {
      publish(group, block: block, at: time, &results)
    }
  }

  private mutating func publish(
    _ group: ReferencePattern, block: Int, at time: ReferenceTime,
    _ results: inout [ReferenceResult]
  ) {
    var pattern = group
    pattern.revision = (published[group.name]?.revision ?? 0) + 1
    published[group.name] = pattern
    results.append(
      ReferenceResult(
        topic: .result(.patterns), system: system, about: pattern.name,
        content: .event(
          type: "system5.pattern.derived", time: time, data: pattern.data(system)),
        place: .init(block: block, domain: pattern.domain, id: pattern.name)))
  }

  private mutating func retire(at time: ReferenceTime, _ results: inout [ReferenceResult]) {
    let groups = groups()
    for (name, pattern) in published {
      let members = groups.first { $0.name == name }?.members ?? 0
      guard members < rules.minOccurrences else { continue }
      published[name] = nil
      let retired = ReferenceResult(
        topic: .result(.patterns), system: system, about: name,
        content: .event(
          type: "system5.pattern.retired", time: time,
          data: ["system": .text(system), "pattern": .name(name), "reason": .sentence]),
        place: .init(block: 0, domain: pattern.domain, id: name))
      var tombstone = retired
      tombstone.content = .tombstone
      results += [retired, tombstone]
    }
  }

  mutating func transfer(
    from source: ReferenceWord, to target: ReferenceWord, at time: ReferenceTime,
    _ results: inout [ReferenceResult]
  ) {
    for pattern in published.values where pattern.domain == source {
      let name = ReferenceWord(
        "transfer to \(target.string.debugDescription) of \(pattern.name.string)")
      let data: ReferenceObject = [
        "system": .text(system), "pattern": .name(name), "pattern_type": "transferred",
        "source_domain": .text(source), "target_domain": .text(target),
        "base_pattern": .object(pattern.data(system)),
        "confidence": .number(0.8 * pattern.average),
      ]
      transferred[name] = data
      results.append(
        ReferenceResult(
          topic: .result(.patterns), system: system, about: name,
          content: .event(type: "system5.pattern.transferred", time: time, data: data),
          place: .init(block: 1, domain: source, id: pattern.name)))
    }
  }
}
