import HashTreeCollections

/// A source as it stands: measured, watched, or both.
public struct SourceStatus: Hashable, Sendable {
  public let source: Text
  /// The role it was last given, or the one its name suggests.
  public let role: Role
  /// The newest one; nil while the source is only watched.
  public let measurement: Measurement?
  /// Above before below.
  public let thresholds: [Threshold]
}

extension VarietyMetricsStore {
  /// The sources from one name on, sorted: so many of them, and one more if more follow.
  public func listSources(after cursor: Text? = nil, limit: Int, system: Text) -> [SourceStatus] {
    guard let state = systems[system] else { return [] }
    var page = PatternSelection<(name: Text, source: SystemVariety.Source)>(limit + 1) {
      $0.name < $1.name
    }
    for (name, source) in state.sources {
      if let cursor, name <= cursor { continue }
      page.add((name, source))
    }
    return page.sorted().map { name, source in
      SourceStatus(
        source: name, role: source.role, measurement: source.measurement(named: name),
        thresholds: [source.above, source.below].compactMap { $0?.rule })
    }
  }
}

extension SystemVariety {
  /// The totals alone, without their sources; nil before both sides have been measured.
  public var varietyTotals: GapAnalysis? {
    guard balance.isComplete else { return nil }
    return GapAnalysis(
      environmentalVariety: balance.environment.value, systemVariety: balance.system.value)
  }

  /// How many alerts are firing.
  public var firingAlertCount: Int { alerts.values.count { $0.isFiring } }

  /// What amplifiers did last, sorted by id.
  public func latestAmplifications() -> [(id: Text, conversion: Conversion)] {
    amplifiers.inOrder.map { ($0.key, $0.value) }
  }

  /// What attenuators did last, sorted by id.
  public func latestAttenuations() -> [(id: Text, conversion: Conversion)] {
    attenuators.inOrder.map { ($0.key, $0.value) }
  }
}
