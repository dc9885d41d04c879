import HashTreeCollections

/// Variety measurements of viable systems, judged by Ashby's law of requisite variety.
///
/// Every method that changes a system does what the event of the same name does, and returns what
/// follows from it. Queries are of the system's stream time: the store knows no other present.
public struct VarietyMetricsStore: EventStore {
  public static let input = InputTopic.variety

  public let rules: Rules
  public var systems = PersistentTable<Text, SystemVariety>()

  public init(rules: Rules = Rules()) { self.rules = rules }

  /// Records a point of a source's time series.
  ///
  /// - Parameters:
  ///   - variety: 0 … ``Rules/largestNumber``.
  ///   - capacity: nil: the same as the variety.
  ///   - role: nil: the one the source was last given, or the one its name suggests.
  @discardableResult
  public mutating func recordVarietyMeasurement(
    _ source: Text, variety: Double, capacity: Double? = nil, role: Role? = nil,
    metadata: JSONObject = [:], system: Text, at time: Timestamp
  ) throws(Refusal) -> [OutputEvent] {
    try apply(
      .measured(
        source: source, variety: variety, capacity: capacity, role: role, metadata: metadata),
      to: system, at: time)
  }

  /// Records what an amplifier did. Returns its factor: output / input, 0 when input is 0.
  @discardableResult
  public mutating func recordAmplification(
    _ amplifier: Text, inputVariety: Double, outputVariety: Double, system: Text,
    at time: Timestamp
  ) throws(Refusal) -> Double {
    try apply(
      .amplified(amplifier: amplifier, input: inputVariety, output: outputVariety), to: system,
      at: time)
    return systems[system]?.amplifiers[amplifier]?.factor ?? 0
  }

  /// Records what an attenuator did. Returns its factor: output / input, 0 when input is 0.
  @discardableResult
  public mutating func recordAttenuation(
    _ attenuator: Text, inputVariety: Double, outputVariety: Double, system: Text,
    at time: Timestamp
  ) throws(Refusal) -> Double {
    try apply(
      .attenuated(attenuator: attenuator, input: inputVariety, output: outputVariety), to: system,
      at: time)
    return systems[system]?.attenuators[attenuator]?.factor ?? 0
  }

  /// Watches a source, measured or not yet.
  @discardableResult
  public mutating func setVarietyThreshold(
    _ source: Text, _ threshold: Threshold, system: Text, at time: Timestamp
  ) throws(Refusal) -> [OutputEvent] {
    try apply(.thresholdSet(source: source, threshold), to: system, at: time)
  }

  /// Stops watching a source; a firing alert resolves.
  ///
  /// - Parameter direction: nil: both.
  @discardableResult
  public mutating func clearVarietyThreshold(
    _ source: Text, direction: Direction? = nil, system: Text, at time: Timestamp
  ) throws(Refusal) -> [OutputEvent] {
    try apply(.thresholdCleared(source: source, direction: direction), to: system, at: time)
  }

  /// What a gap between two totals comes to; no store is needed.
  public static func calculateVarietyGap(
    environmentalVariety: Double, systemVariety: Double
  ) -> GapAnalysis {
    GapAnalysis(environmentalVariety: environmentalVariety, systemVariety: systemVariety)
  }

  /// The balance as it stands; nil before both an environment and a system source were measured.
  public func requisiteVarietyStatus(of system: Text) -> GapAnalysis? {
    systems[system]?.requisiteVariety()
  }

  /// The trends of the sources measured in the window that ends at the system's stream time.
  public func analyzeVarietyTrends(
    over window: Window, of system: Text
  ) -> TrendAnalysis? {
    guard let state = systems[system], let now = state.streamTime else { return nil }
    return state.trends(over: window, endingAt: now, in: rules)
  }

  /// A source's newest measurement.
  public func measurement(of source: Text, in system: Text) -> Measurement? {
    systems[system]?.sources[source].flatMap { $0.measurement(named: source) }
  }

  /// A source's measurements over the window that ends at the system's stream time, oldest first.
  public func history(of source: Text, over window: Window, in system: Text) -> [Measurement] {
    guard let state = systems[system], let found = state.sources[source],
      let now = state.streamTime
    else { return [] }
    let start = now.advanced(by: -min(window.span, rules.varietyRetention))
    return found.series.points(after: start, through: now).map {
      Measurement(source, role: found.role, $0)
    }
  }
}

extension SystemVariety {
  /// The newest measurement of each source, sorted by source.
  public func currentMeasurements() -> [Measurement] {
    sources.compactMap { $0.value.measurement(named: $0.key) }.sorted { $0.source < $1.source }
  }

  /// The thresholds in force, sorted by source, above before below.
  public func thresholds() -> [(source: Text, threshold: Threshold)] {
    sources.sorted { $0.key < $1.key }.flatMap { name, source in
      [source.above, source.below].compactMap { $0 }.map { (name, $0.rule) }
    }
  }

  /// Factors by amplifier, sorted.
  public func amplifierFactors() -> [NamedValue] { amplifiers.factors }

  /// Factors by attenuator, sorted.
  public func attenuatorFactors() -> [NamedValue] { attenuators.factors }

  /// nil before both an environment and a system source were measured.
  public func requisiteVariety() -> GapAnalysis? { balance.isComplete ? gapAnalysis() : nil }

  /// The latest episode of each alert, sorted by id.
  public func latestAlerts() -> [Alert] { alerts.values.sorted { $0.alert < $1.alert } }

  /// How many points the series hold.
  public var measurementCount: Int { sources.values.reduce(0) { $0 + $1.series.count } }
}

extension SystemVariety.Source {
  func measurement(named name: Text) -> Measurement? {
    current.map { Measurement(name, role: role, $0) }
  }
}

extension Measurement {
  init(_ source: Text, role: Role, _ point: TimeSeries.Point) {
    self.init(
      source: source, role: role, variety: point.variety, capacity: point.capacity,
      metadata: point.metadata, time: point.time)
  }
}
