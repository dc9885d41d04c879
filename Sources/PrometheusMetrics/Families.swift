/// All families, and who may join them. A copy of it is a snapshot of what there is.
struct Families: Sendable {
  typealias Kind = MetricDescription.Kind

  /// Why a series was not taken up.
  enum Refusal: String, Error, CaseIterable {
    case seriesLimit = "series-limit"
    case familyLimit = "family-limit"
    /// Its name is, or collides with, that of a metric of another kind.
    case nameConflict = "name-conflict"
  }

  private var families: [String: Family] = [:]
  private var owners: [String: String] = [:]
  private let descriptions: [String: MetricDescription]
  private let limits: Registry.Limits
  private let defaultBounds: [Double]

  init(_ descriptions: [MetricDescription], limits: Registry.Limits, defaultBounds: [Double]) {
    self.descriptions = Dictionary(
      descriptions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.limits = limits
    self.defaultBounds = defaultBounds
  }

  var sorted: [Family] { families.values.sorted { $0.name < $1.name } }

  func kind(of label: String) -> Kind? { descriptions[Naming.metric(label)]?.kind }

  /// Finds a series or makes it, and notes that one more holds it.
  ///
  /// - Parameter kind: never `.info`, which is a gauge that has been described as such.
  mutating func hold(
    _ kind: Kind, _ label: String, _ dimensions: [(String, String)],
    make: (SeriesIdentity, Family) -> Cell
  ) throws(Refusal) -> Cell {
    let name = try join(kind, Naming.metric(label))
    let labels = LabelSet(dimensions, reserved: Family.reservedLabels(of: kind))
    guard var family = families[name] else { throw .nameConflict }
    if let series = family.series[labels] {
      families[name]?.series[labels]?.holders += 1
      return series.cell
    }
    guard family.series.count < limits.seriesPerFamily else { throw .seriesLimit }
    let cell = make(SeriesIdentity(family: name, labels: labels), family)
    family.series[labels] = Family.Series(cell: cell)
    families[name] = family
    return cell
  }

  /// The last holder takes the series away, and the last series its family.
  mutating func release(_ identity: SeriesIdentity?, if isSame: (Cell) -> Bool) {
    guard let identity, let family = families[identity.family],
      let series = family.series[identity.labels], isSame(series.cell)
    else { return }
    if series.holders > 1 {
      families[identity.family]?.series[identity.labels]?.holders -= 1
    } else if family.series.count > 1 {
      families[identity.family]?.series.removeValue(forKey: identity.labels)
    } else {
      families.removeValue(forKey: identity.family)
      for claim in family.claims { owners.removeValue(forKey: claim) }
    }
  }

  /// Returns the name of the family that a metric belongs to, which exists from now on.
  private mutating func join(_ kind: Kind, _ name: String) throws(Refusal) -> String {
    let sample = kind == .counter ? Family.baseName(of: name, kind: kind) + "_total" : name
    let description = descriptions[sample]
    let described = description?.kind ?? kind
    guard described == kind || (described, kind) == (.info, .gauge) else { throw .nameConflict }
    let base = Family.baseName(of: sample, kind: described)
    if let family = families[base] {
      guard family.kind == described else { throw .nameConflict }
      return base
    }
    try add(
      Family(name: base, kind: described, description: description, defaultBounds: defaultBounds))
    return base
  }

  private mutating func add(_ family: Family) throws(Refusal) {
    guard families.count < limits.families else { throw .familyLimit }
    let claims = family.claims
    guard claims.allSatisfy({ owners[$0] == nil }) else { throw .nameConflict }
    for claim in claims { owners[claim] = family.name }
    families[family.name] = family
  }
}
