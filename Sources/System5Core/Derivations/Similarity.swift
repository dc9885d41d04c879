import HashTreeCollections

/// How alike other contexts are to one, by Gower's coefficient: the mean over the union of their
/// attributes of 1 for equal categorical values, 1 − |a − b| / range for numbers, else 0.
///
/// Source: J. C. Gower, "A General Coefficient of Similarity and Some of Its Properties",
/// Biometrics 27 (1971).
struct Similarity {
  private(set) var attributes: [Attribute]

  /// - Parameter population: the adaptations over which a numeric attribute's range is taken.
  init(to context: JSONObject, in population: PersistentTable<Text, Adaptation>) {
    var attributes = context.members.map(Attribute.init)
    if attributes.contains(where: { $0.number != nil }) {
      for (_, adaptation) in population {
        for index in attributes.indices { attributes[index].widen(by: adaptation.context) }
      }
    }
    self.attributes = attributes
  }

  /// With ranges that are known.
  init(_ attributes: [Attribute]) { self.attributes = attributes }

  /// By a look at each adaptation, the most similar first, of equally similar ones the newer.
  func best(
    _ limit: Int, of population: PersistentTable<Text, Adaptation>
  ) -> [(adaptation: Adaptation, similarity: Double)] {
    var best = PatternSelection<(adaptation: Adaptation, similarity: Double)>(limit) {
      ($0.similarity, $0.adaptation.createdAt, $0.adaptation.adaptation)
        > ($1.similarity, $1.adaptation.createdAt, $1.adaptation.adaptation)
    }
    for (_, adaptation) in population {
      best.add((adaptation, similarity(of: adaptation.context)))
    }
    return best.sorted()
  }

  /// 0 … 1; 1 for two empty contexts.
  func similarity(of context: JSONObject) -> Double {
    var sum = 0.0
    var shared = 0
    var index = 0
    for member in context.members {
      while index < attributes.count, attributes[index].name != member.name,
        attributes[index].name < member.name
      {
        index += 1
      }
      guard index < attributes.count, attributes[index].name == member.name else { continue }
      sum += attributes[index].similarity(to: member.value)
      shared += 1
      index += 1
    }
    let union = attributes.count + context.members.count - shared
    return union == 0 ? 1 : sum / Double(union)
  }

  struct Attribute {
    let name: Text
    let value: JSONValue
    /// nil for a categorical one.
    let number: Double?
    /// The range of a numeric one, infinitely much the wrong way round while nobody has it.
    private(set) var least = Double.infinity
    private(set) var greatest = -Double.infinity

    init(_ member: JSONObject.Member) {
      self.name = member.name
      self.value = member.value
      self.number = member.value.measure
    }

    mutating func widen(by context: JSONObject) {
      guard number != nil, let other = context[name]?.measure else { return }
      widen(by: other)
    }

    mutating func widen(by other: Double) {
      least = min(least, other)
      greatest = max(greatest, other)
    }

    func similarity(to other: JSONValue) -> Double {
      guard let number else { return value == other ? 1 : 0 }
      guard let otherNumber = other.measure else { return 0 }
      return similarity(of: number, to: otherNumber)
    }

    func similarity(of number: Double, to other: Double) -> Double {
      let range = greatest - least
      guard range > 0 else { return number == other ? 1 : 0 }
      return max(0, 1 - abs(number - other) / range)
    }
  }
}
