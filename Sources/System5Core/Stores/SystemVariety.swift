import HashTreeCollections

/// The variety of one viable system: its sources with their series and thresholds, what amplifies
/// and attenuates variety, and the alerts that follow.
public struct SystemVariety: SystemState {
  public var streamTime: Timestamp?

  package var sources = PersistentTable<Text, Source>()
  package var amplifiers = TreeDictionary<Text, Conversion>()
  package var attenuators = TreeDictionary<Text, Conversion>()
  /// The latest episode of every alert there has been.
  package var alerts = TreeDictionary<Text, Alert>()
  /// The sources whose critical trend is firing.
  var criticalSources = TreeSet<Text>()
  package var balance = Balance()

  public init() {}

  public static func retention(_ rules: Rules) -> Timestamp.Span? { rules.varietyRetention }

  /// A source: measured, watched, or both.
  package struct Source: Sendable {
    /// The role it was last given, or the one its name suggests.
    package var role: Role
    /// The newest measurement; nil while the source is only watched.
    package var current: TimeSeries.Point?
    package var series = TimeSeries()
    package var above: Watch?
    package var below: Watch?

    package init(role: Role) { self.role = role }

    subscript(direction: Direction) -> Watch? {
      get { direction == .above ? above : below }
      set { if direction == .above { above = newValue } else { below = newValue } }
    }
  }

  public mutating func cross(
    from earlier: Timestamp, to later: Timestamp, in context: Context,
    deriving outputs: inout [OutputEvent]
  ) {
    let boundary = later.boundary(of: context.rules.trendPeriod)
    if boundary > earlier.boundary(of: context.rules.trendPeriod) {
      analyseTrends(at: boundary, in: context, deriving: &outputs)
    }
  }

  public mutating func apply(
    _ payload: VarietyEvent, at time: Timestamp, in context: Context,
    deriving outputs: inout [OutputEvent]
  ) throws(Refusal) {
    var emitter = Emitter(system: context.system, time: time)
    switch payload {
    case .measured(let source, let variety, let capacity, let role, let metadata):
      let point = TimeSeries.Point(
        time: time, variety: variety, capacity: capacity ?? variety, metadata: metadata)
      try measure(source, point, role: role, in: context, emitter: &emitter)
    case .amplified(let amplifier, let input, let output):
      let conversion = Conversion(inputVariety: input, outputVariety: output, time: time)
      try convert(amplifier, conversion, \.amplifiers, "amplifiers", in: context)
    case .attenuated(let attenuator, let input, let output):
      let conversion = Conversion(inputVariety: input, outputVariety: output, time: time)
      try convert(attenuator, conversion, \.attenuators, "attenuators", in: context)
    case .thresholdSet(let source, let threshold):
      try watch(source, threshold, at: time, in: context, emitter: &emitter)
    case .thresholdCleared(let source, let direction):
      unwatch(source, direction, at: time, emitter: &emitter)
    }
    judgeBalance(at: time, in: context, emitter: &emitter)
    if !emitter.outputs.isEmpty { outputs += emitter.outputs }
  }

  private mutating func measure(
    _ name: Text, _ point: TimeSeries.Point, role: Role?, in context: Context,
    emitter: inout Emitter
  ) throws(Refusal) {
    try makeRoom(for: name, in: context)
    let cutoff = (streamTime ?? point.time).advanced(by: -context.rules.varietyRetention)
    let recorded = sources.modify(name, default: Source(role: Role(ofSource: name))) {
      $0.record(point, role: role, cutoff: cutoff)
    }
    guard let recorded else { return }
    if let (variety, role) = recorded.former { balance.add(-variety, role) }
    balance.add(point.variety, recorded.role)
    balance.noteMeasured(recorded.role)
    if let (change, rule) = recorded.above {
      report(change, of: name, rule, value: point.variety, to: &emitter, in: &alerts)
    }
    if let (change, rule) = recorded.below {
      report(change, of: name, rule, value: point.variety, to: &emitter, in: &alerts)
    }
  }

  private func makeRoom(for source: Text, in context: Context) throws(Refusal) {
    let limit = context.rules.limits.sources
    guard sources.count >= limit, !sources.contains(source) else { return }
    throw Refusal(
      .limitExceeded, "The system has \(limit) sources already; \(source) would be one more.")
  }

  private mutating func convert(
    _ id: Text, _ conversion: Conversion,
    _ table: WritableKeyPath<SystemVariety, TreeDictionary<Text, Conversion>>, _ kind: String,
    in context: Context
  ) throws(Refusal) {
    let limit = context.rules.limits.sources
    if self[keyPath: table].count >= limit, self[keyPath: table][id] == nil {
      throw Refusal(
        .limitExceeded, "The system has \(limit) \(kind) already; \(id) would be one more.")
    }
    guard conversion.factor.isFinite else {
      throw Refusal(
        .invalidData, "output_variety / input_variety of \(id) is too large for a number.")
    }
    self[keyPath: table][id] = conversion
  }
}

extension SystemVariety {
  /// Sets a threshold and judges the current value by it at once.
  private mutating func watch(
    _ name: Text, _ threshold: Threshold, at time: Timestamp, in context: Context,
    emitter: inout Emitter
  ) throws(Refusal) {
    try makeRoom(for: name, in: context)
    var source = sources[name] ?? Source(role: Role(ofSource: name))
    var watch = Watch(rule: threshold)
    let change = watch.replace(source[threshold.direction], current: source.current, at: time)
    source[threshold.direction] = watch
    sources[name] = source
    report(
      change, of: name, threshold, value: source.current?.variety ?? 0, to: &emitter, in: &alerts)
  }

  private mutating func unwatch(
    _ name: Text, _ direction: Direction?, at time: Timestamp, emitter: inout Emitter
  ) {
    guard var source = sources[name] else { return }
    for side in Direction.allCases where direction == nil || direction == side {
      guard let watch = source[side] else { continue }
      source[side] = nil
      if watch.isFiring {
        report(
          .resolves, of: name, watch.rule, value: source.current?.variety ?? 0, to: &emitter,
          in: &alerts)
      }
    }
    let isUsed = source.current != nil || source.above != nil || source.below != nil
    sources[name] = isUsed ? source : nil
  }

  /// The trends of all sources measured in the window that ends at `end`, sorted by source.
  func trends(over window: Window, endingAt end: Timestamp, in rules: Rules) -> TrendAnalysis {
    let cutoff = end.advanced(by: -min(window.span, rules.varietyRetention))
    var trends: [SourceTrend] = []
    for (name, source) in sources {
      guard let summary = source.series.summary(after: cutoff, through: end) else { continue }
      trends.append(TrendRule.judge(summary, of: name, above: source.above?.rule.threshold))
    }
    trends.sort { $0.source < $1.source }
    return TrendAnalysis(
      window: window, overallTrend: TrendRule.overall(trends),
      criticalSources: trends.filter(\.isCritical).map(\.source), trends: trends)
  }

  /// The periodic analysis over the last hour, with the alerts that begin and end with it.
  private mutating func analyseTrends(
    at boundary: Timestamp, in context: Context, deriving outputs: inout [OutputEvent]
  ) {
    let analysis = trends(over: .hour, endingAt: boundary, in: context.rules)
    guard !analysis.trends.isEmpty else { return }
    var emitter = Emitter(system: context.system, time: boundary)
    emitter.emit(.trendsAnalysed(analysis))
    let critical = TreeSet(analysis.criticalSources)
    for name in critical.symmetricDifference(criticalSources).sorted() {
      let isCritical = critical.contains(name)
      let trend = analysis.trends.first { $0.source == name }
      let source = sources[name]
      emitter.report(
        isCritical ? .fires : .resolves, .criticalTrend, of: name, direction: nil,
        value: trend?.latest ?? source?.current?.variety ?? 0,
        threshold: source?.above?.rule.threshold, in: &alerts)
    }
    criticalSources = critical
    outputs += emitter.outputs
  }
}

extension SystemVariety {
  /// Compares the totals and says what changed: the requisite-variety alert, then the analysis.
  private mutating func judgeBalance(
    at time: Timestamp, in context: Context, emitter: inout Emitter
  ) {
    guard balance.isComplete else { return }
    let (environment, system) = (balance.environment.value, balance.system.value)
    let isMet = system >= environment
    if balance.isMet != isMet, !isMet || balance.isMet == false {
      emitter.report(
        isMet ? .resolves : .fires, .requisiteVariety, of: nil, direction: nil,
        value: environment - system, threshold: nil, in: &alerts)
    }
    let now = streamTime ?? time
    if balance.isMet != isMet || balance.isDue(at: now, after: context.rules.gapInterval) {
      emitter.emit(.gapAnalysed(gapAnalysis()))
      balance.published = Balance.Published(environment: environment, system: system, at: now)
    }
    balance.isMet = isMet
  }

  func gapAnalysis() -> GapAnalysis {
    var environmental: [NamedValue] = []
    var own: [NamedValue] = []
    for (name, source) in sources {
      guard let current = source.current else { continue }
      let value = NamedValue(name: name, value: current.variety)
      if source.role == .environment { environmental.append(value) } else { own.append(value) }
    }
    return GapAnalysis(
      environmentalVariety: balance.environment.value, systemVariety: balance.system.value,
      environmentalSources: environmental.sortedByName, systemSources: own.sortedByName,
      amplifiers: amplifiers.factors, attenuators: attenuators.factors)
  }
}

extension SystemVariety.Source {
  /// What a measurement means for a threshold; nil where there is none.
  fileprivate typealias Judgement = (change: Watch.Change, rule: Threshold)

  /// A measurement that has become the current one.
  fileprivate struct Recorded {
    /// What was current before, and how it counted.
    let former: (variety: Double, role: Role)?
    let role: Role
    let above: Judgement?
    let below: Judgement?
  }

  /// Adds a point; if none newer is there it becomes the current value, and is judged.
  fileprivate mutating func record(
    _ point: TimeSeries.Point, role: Role?, cutoff: Timestamp
  ) -> Recorded? {
    series.insert(point)
    series.removeBlocks(before: cutoff)
    if let current, point.time < current.time { return nil }
    let former = current.map { ($0.variety, self.role) }
    self.role = role ?? self.role
    current = point
    return Recorded(
      former: former, role: self.role, above: above?.judgement(of: point),
      below: below?.judgement(of: point))
  }
}

extension Watch {
  fileprivate mutating func judgement(of point: TimeSeries.Point) -> (Change, Threshold) {
    (judge(point.variety, at: point.time), rule)
  }
}

extension Role {
  /// What a source is while nobody has said.
  init(ofSource name: Text) {
    switch name {
    case "environment", "external", "market": self = .environment
    default: self = .system
    }
  }
}

extension [NamedValue] {
  fileprivate var sortedByName: [NamedValue] { sorted { $0.name < $1.name } }
}

extension TreeDictionary<Text, Conversion> {
  /// The factor of each, sorted by name.
  var factors: [NamedValue] {
    map { NamedValue(name: $0.key, value: $0.value.factor) }.sorted { $0.name < $1.name }
  }
}
