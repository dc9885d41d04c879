import HashTreeCollections

/// What a checkpoint of a system must keep to.
extension SystemVariety {
  /// Whether the totals are those of the sources' current values.
  package var isBalanced: Bool {
    var environment = ExactSum()
    var system = ExactSum()
    for (_, source) in sources {
      guard let current = source.current else { continue }
      switch source.role {
      case .environment: environment.add(current.variety)
      case .system: system.add(current.variety)
      }
    }
    return balance.environment.value == environment.value && balance.system.value == system.value
  }

  /// The sources whose critical trend is firing, sorted.
  package var criticalSourcesInOrder: [Text] { criticalSources.sorted() }

  /// Brings back a source whose critical trend is firing.
  package mutating func restoreCritical(_ source: Text) { criticalSources.insert(source) }
}
