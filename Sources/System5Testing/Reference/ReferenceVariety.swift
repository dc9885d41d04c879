import System5Core

enum ReferenceVarietyCommand {
  case measured(ReferenceWord, ReferenceVariety.Point, role: ReferenceWord?)
  case amplified(ReferenceWord, factor: Double)
  case attenuated(ReferenceWord, factor: Double)
  case thresholdSet(ReferenceWord, ReferenceThreshold)
  case thresholdCleared(ReferenceWord, direction: ReferenceWord?)

  init(_ event: ReferenceEvent) throws(ReferenceRefusal) {
    let data = event.data
    switch event.type {
    case "system5.variety.measured":
      let variety = try data.number("variety", in: 0...1e100)
      let point = ReferenceVariety.Point(
        time: event.time, variety: variety,
        capacity: try data.number("capacity", in: 0...1e100, default: variety),
        metadata: try data.optionalObject("metadata"))
      self = .measured(
        try data.id("source"), point,
        role: try data.choice("role", of: ["environment", "system"]))
    case "system5.variety.amplified":
      self = .amplified(try data.id("amplifier"), factor: try Self.factor(data))
    case "system5.variety.attenuated":
      self = .attenuated(try data.id("attenuator"), factor: try Self.factor(data))
    case "system5.variety.threshold-set":
      self = .thresholdSet(try data.id("source"), try ReferenceThreshold(data))
    default:
      self = .thresholdCleared(
        try data.id("source"), direction: try data.choice("direction", of: ["above", "below"]))
    }
  }

  /// The schema of a result wants a number for a factor, so one that is none cannot be taken.
  private static func factor(_ data: ReferenceData) throws(ReferenceRefusal) -> Double {
    let input = try data.number("input_variety", in: 0...1e100)
    let output = try data.number("output_variety", in: 0...1e100)
    let factor = input == 0 ? 0 : output / input
    guard factor.isFinite else { throw .invalidData }
    return factor
  }
}

/// The variety of one system.
struct ReferenceVariety: Sendable {
  struct Point: Sendable {
    var time: ReferenceTime
    var variety: Double
    var capacity: Double
    var metadata: ReferenceObject
  }

  struct Source: Sendable {
    /// The one that is not older than any.
    var current: Point
    var isEnvironment: Bool
    /// In the order of their coming.
    var points: [Point] = []
  }

  let rules: Rules
  let system: ReferenceWord
  var sources: [ReferenceWord: Source] = [:]
  var amplifiers: [ReferenceWord: Double] = [:]
  var attenuators: [ReferenceWord: Double] = [:]
  var watches: [ReferenceAlertKey: ReferenceWatch] = [:]
  var alerts: [ReferenceAlertKey: ReferenceAlert] = [:]
  /// Whether a source of the environment was ever measured, and one of the system.
  var measuredRoles: Set<Bool> = []
  var lastGap: ReferenceGap?

  init(rules: Rules, system: ReferenceWord) {
    self.rules = rules
    self.system = system
  }

  mutating func apply(
    _ command: ReferenceVarietyCommand, at time: ReferenceTime, streamTime: ReferenceTime,
    _ results: inout [ReferenceResult]
  ) throws(ReferenceRefusal) {
    switch command {
    case .measured(let source, let point, let role):
      try checkLimit(measuredOrWatched, source)
      measure(source, point, role, &results)
    case .amplified(let id, let factor):
      try checkLimit(Set(amplifiers.keys), id)
      amplifiers[id] = factor
    case .attenuated(let id, let factor):
      try checkLimit(Set(attenuators.keys), id)
      attenuators[id] = factor
    case .thresholdSet(let source, let threshold):
      try checkLimit(measuredOrWatched, source)
      set(threshold, of: source, at: time, &results)
    case .thresholdCleared(let source, let direction):
      clear(source, direction, at: time, &results)
    }
    judgeRequisiteVariety(at: time, streamTime: streamTime, &results)
  }

  private var measuredOrWatched: Set<ReferenceWord> {
    Set(sources.keys).union(watches.keys.map(\.source))
  }

  private func checkLimit(
    _ known: Set<ReferenceWord>, _ id: ReferenceWord
  ) throws(ReferenceRefusal) {
    if !known.contains(id), known.count >= rules.limits.sources {
      throw ReferenceRefusal("limit-exceeded")
    }
  }

  private mutating func measure(
    _ id: ReferenceWord, _ point: Point, _ role: ReferenceWord?,
    _ results: inout [ReferenceResult]
  ) {
    let byName = ["environment", "external", "market"].contains(id)
    var source = sources[id] ?? Source(current: point, isEnvironment: byName)
    source.points.append(point)
    // An older one only joins the series: neither value nor role is news.
    if point.time >= source.current.time {
      source.current = point
      if let role { source.isEnvironment = role == "environment" }
      measuredRoles.insert(source.isEnvironment)
    }
    sources[id] = source
    if source.current.time == point.time { judgeThresholds(of: id, point, &results) }
  }
}
