import HashTreeCollections

extension AdaptationStore {
  /// The adaptations from one id on, sorted by id: so many of them, and one more if more follow.
  public func listAdaptations(after cursor: Text? = nil, limit: Int, system: Text) -> [Adaptation] {
    guard let state = systems[system] else { return [] }
    var page = PatternSelection<Adaptation>(limit + 1) { $0.adaptation < $1.adaptation }
    for (id, adaptation) in state.adaptations {
      if let cursor, id <= cursor { continue }
      page.add(adaptation)
    }
    return page.sorted()
  }
}
