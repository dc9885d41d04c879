import System5Core

enum ReferenceVarietyCommand {
  case measured(ReferenceWord, variety: Double, role: ReferenceWord?)
  case amplified(ReferenceWord, factor: Double)
  case attenuated(ReferenceWord, factor: Double)
  case thresholdSet(ReferenceWord, ReferenceThreshold)
  case thresholdCleared(ReferenceWord, direction: ReferenceWord?)

  init(_ event: ReferenceEvent) throws(ReferenceRefusal) {
    let data = event.data
    switch event.type {
    case "system5.variety.measured":
      _ = try data.number("capacity", in: 0...1e100, default: 0)
      _ = try data.optionalObject("metadata")
      self = .measured(
        try data.id("source"), variety: try data.number("variety", in: 0...1e100),
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
    case .measured(let source, let variety, let role):
      try checkLimit(sources, source)
      measure(source, Point(time: time, variety: variety), role, &results)
    case .amplified(let id, let factor):
      try checkLimit(amplifiers, id)
      amplifiers[id] = factor
    case .attenuated(let id, let factor):
      try checkLimit(attenuators, id)
      attenuators[id] = factor
    case .thresholdSet(let source, let threshold):
      try checkLimit(sources.merging(watched) { own, _ in own }, source)
      set(threshold, of: source, at: time, &results)
    case .thresholdCleared(let source, let direction):
      clear(source, direction, at: time, &results)
    }
    judgeRequisiteVariety(at: time, streamTime: streamTime, &results)
  }

  private var watched: [ReferenceWord: Source] {
    let nothing = Point(time: ReferenceTime(micros: 0), variety: 0)
    return Dictionary(
      watches.keys.map { ($0.source, Source(current: nothing, isEnvironment: false)) },
      uniquingKeysWith: { $1 })
  }

  private func checkLimit<Value>(
    _ known: [ReferenceWord: Value], _ id: ReferenceWord
  ) throws(ReferenceRefusal) {
    if known[id] == nil, known.count >= rules.limits.sources {
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
    if let role { source.isEnvironment = role == "environment" }
    let isCurrent = point.time >= source.current.time
    if isCurrent { source.current = point }
    sources[id] = source
    if isCurrent { judgeThresholds(of: id, point, &results) }
  }
}
