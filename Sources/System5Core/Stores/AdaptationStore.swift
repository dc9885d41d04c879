import HashTreeCollections

/// The adaptations of every viable system in one shard, and the patterns found in them.
///
/// A copy is a snapshot: it costs next to nothing, shares structure, and stays as it was.
public struct AdaptationStore: EventStore {
  public static var input: InputTopic { .adaptation }
  public let rules: Rules
  public var systems = PersistentTable<Text, SystemAdaptations>()

  public init(rules: Rules = Rules()) { self.rules = rules }
}

/// What one viable system did about its anomalies, how that turned out, and what it learnt.
public struct SystemAdaptations: SystemState {
  public var streamTime: Timestamp?
  /// By id.
  public private(set) var adaptations = PersistentTable<Text, Adaptation>()
  /// The derived patterns as last published, without those that were retired.
  public internal(set) var published = TreeDictionary<PatternKey, DerivedPattern>()
  /// The patterns learnt elsewhere, by id.
  public package(set) var learned = TreeDictionary<Text, LearnedPattern>()
  /// The patterns transferred from one domain to another, by id.
  public package(set) var transferred = TreeDictionary<Text, TransferredPattern>()
  /// Starts at 1 and moves by 0.1 of the difference to 1 or 0 at each outcome.
  public package(set) var overallSuccessRate = 1.0
  /// How many adaptations each domain has; none with 0.
  public private(set) var domains = TreeDictionary<Text, Int>()
  /// Who supports which pattern: follows from the adaptations.
  var groups = PatternGroups()
  /// What questions ask of all adaptations: follows from them.
  private(set) var rows = AdaptationRows()

  public init() {}

  /// The system as it was kept, for a checkpoint to bring back: groups are formed again from the
  /// adaptations, and the next extraction looks at every pattern once.
  public init(
    streamTime: Timestamp?, adaptations: some Sequence<Adaptation>,
    published: some Sequence<DerivedPattern>, learned: some Sequence<LearnedPattern>,
    transferred: some Sequence<TransferredPattern>, overallSuccessRate: Double, rules: Rules
  ) {
    self.streamTime = streamTime
    self.overallSuccessRate = overallSuccessRate
    for pattern in published { restore(pattern, as: PatternKey(of: pattern)) }
    for pattern in learned { self.learned[pattern.pattern] = pattern }
    for pattern in transferred { self.transferred[pattern.pattern] = pattern }
    for adaptation in adaptations { put(adaptation, rules: rules) }
  }

  private mutating func restore(_ pattern: DerivedPattern, as key: PatternKey) {
    published[key] = pattern
    groups.restore(key, domain: pattern.domain)
  }

  /// Adaptations are kept without end.
  public static func retention(_ rules: Rules) -> Timestamp.Span? { nil }

  public mutating func cross(
    from earlier: Timestamp, to later: Timestamp, in context: Context,
    deriving outputs: inout [OutputEvent]
  ) {
    let boundary = later.boundary(of: context.rules.extractionPeriod)
    guard boundary > earlier.boundary(of: context.rules.extractionPeriod) else { return }
    extract(
      minOccurrences: context.rules.minOccurrences, retires: true, at: boundary, in: context,
      deriving: &outputs)
  }

  /// Sets an adaptation, in the place of one with the same id, and has it join and leave groups.
  package mutating func put(_ adaptation: Adaptation, rules: Rules) {
    var adaptation = adaptation
    let row = adaptations[adaptation.adaptation]?.row ?? AdaptationRow()
    adaptation.row = rows.set(adaptation, at: row)
    replace(with: adaptation, rules: rules)
  }

  /// Sets an adaptation that has its row and is as it was but for its outcome.
  mutating func putJudged(_ adaptation: Adaptation, rules: Rules) {
    rows.judge(adaptation)
    replace(with: adaptation, rules: rules)
  }

  private mutating func replace(with adaptation: Adaptation, rules: Rules) {
    let former = adaptations.updateValue(adaptation, forKey: adaptation.adaptation)
    count(adaptation.domain, replacing: former?.domain)
    regroup(former, adaptation, rules: rules)
  }

  private mutating func count(_ domain: Text, replacing former: Text?) {
    guard domain != former else { return }
    domains[domain, default: 0] &+= 1
    guard let former, let count = domains[former] else { return }
    domains[former] = count > 1 ? count &- 1 : nil
  }

  private mutating func regroup(_ former: Adaptation?, _ current: Adaptation, rules: Rules) {
    let left = former.flatMap { $0.isMember(rules) ? $0 : nil }
    let joins = current.isMember(rules)
    let isPublished = isPublished(current.group)
    if joins, let left, left.group == current.group {
      if isPublished { groups.touch(current.group) }
      return
    }
    if let left { groups.leave(left, isPublished: self.isPublished(left.group)) }
    if joins { groups.join(current, isPublished: isPublished) }
  }
}

extension SystemAdaptations {
  /// A system that is being brought back from a checkpoint.
  package struct Restoration {
    /// Without what ``finish()`` adds.
    package var system = SystemAdaptations()
    private let rules: Rules
    /// Of adaptations that came one after another: most are of one domain.
    private var run: (domain: Text, adaptations: Int) = ("", 0)

    package init(rules: Rules) { self.rules = rules }

    /// Brings back a published pattern; before the adaptations, which join it.
    ///
    /// - Returns: false if its id does not follow from its content; then nothing has changed.
    package mutating func restore(_ pattern: DerivedPattern) -> Bool {
      let key = PatternKey(of: pattern)
      guard key.text == pattern.pattern else { return false }
      system.restore(pattern, as: key)
      return true
    }

    /// Brings back an adaptation, after the published patterns; once each.
    ///
    /// - Parameter cells: those of its context.
    package mutating func restore(_ adaptation: consuming Adaptation, _ cells: ContextCells) {
      adaptation.row = system.rows.append(adaptation, cells)
      if adaptation.domain != run.domain { closeRun(before: adaptation.domain) }
      run.adaptations += 1
      if adaptation.isMember(rules) { system.groups.bringBack(adaptation) }
      let id = adaptation.adaptation
      system.adaptations.bringBack(adaptation, as: id)
    }

    package mutating func finish() -> SystemAdaptations {
      closeRun(before: "")
      system.groups.listUnpublished(besides: system.isPublished)
      return system
    }

    private mutating func closeRun(before next: Text) {
      if run.adaptations > 0 { system.domains[run.domain, default: 0] &+= run.adaptations }
      run = (next, 0)
    }
  }
}
