import HashTreeCollections

/// What is behind patterns, for those who ask where one comes from.
extension SystemAdaptations {
  /// The derived pattern of that id, as last published; nil for one that is not.
  public func derivedPattern(_ id: Text) -> DerivedPattern? {
    PatternKey(id).flatMap { published[$0] }
  }

  /// How many adaptations support a pattern of that id, published or not.
  public func supporters(of id: Text) -> Int {
    PatternKey(id).flatMap { groups[$0]?.members.count } ?? 0
  }
}

extension Adaptation {
  /// The id of the pattern that it supports, published or not; nil while it does not work well
  /// enough to support any.
  public func supportedPattern(by rules: Rules) -> Text? {
    isMember(rules) ? group.text : nil
  }
}
