import HashTreeCollections
import System5Core
import System5Wire

/// What was measured, and what follows from it.
enum VarietyRoutes {
  static let all: [Route] = [
    .system("variety", "limit", "cursor", heavy: true, answer: .variety(sources)),
    .system("variety/trends", "range", heavy: true, answer: .variety(trends)),
    .system("variety/requisite", heavy: true, answer: .variety(requisite)),
    .system(
      "variety/requisite/history", "range", "points", heavy: true,
      answer: .variety(VarietyHistory.requisite)),
    .system("variety/amplifiers", "limit", "cursor", heavy: true, answer: .variety(amplifiers)),
    // A source may have the name of one of the routes above, or below.
    .system("variety/by-id/{source}", answer: .variety(source)),
    .system(
      "variety/by-id/{source}/history", "range", "points", "limit", "cursor", heavy: true,
      answer: .variety(VarietyHistory.source)),
    .system("variety/{source}", answer: .variety(source)),
    .system(
      "variety/{source}/history", "range", "points", "limit", "cursor", heavy: true,
      answer: .variety(VarietyHistory.source)),
    .system("alerts", "firing", "limit", "cursor", heavy: true, answer: .variety(alerts)),
  ]

  @Sendable private static func sources(
    _ store: VarietyMetricsStore, _ question: Question
  ) throws(Problem) -> Document {
    let limit = try question.query.limit()
    let cursor = try Cursor.key(of: "sources", parts: 1, in: question.query)?.first
    let found = store.listSources(after: cursor, limit: limit, system: question.system)
    var elements = ElementList(limit: limit)
    let cut = elements.fill(from: found, json)
    let next = cut.map { Cursor.encode("sources", [$0.source.string]) }
    return .page(Page(("sources", elements), next: next))
  }

  /// A measurement with the thresholds of its source; a source that is only watched has no values.
  private static func json(_ status: SourceStatus) -> OrderedJSON {
    let bare = OrderedJSON.object([
      .init("source", .text(status.source)), .init("role", .string(status.role.rawValue)),
    ])
    let thresholds = status.thresholds.map { StateEncoder.json($0, of: status.source) }
    return (status.measurement.map { StateEncoder.json($0) } ?? bare)
      .adding(.init("thresholds", .list(thresholds)))
  }

  @Sendable private static func source(
    _ store: VarietyMetricsStore, _ question: Question
  ) throws(Problem) -> Document {
    let source = question.path["source"]
    guard let measurement = store.measurement(of: source, in: question.system) else {
      throw Problem(
        .unknownSource, "The system \(question.system) has not measured a source of that name.")
    }
    return .object(StateEncoder.json(measurement))
  }

  @Sendable private static func trends(
    _ store: VarietyMetricsStore, _ question: Question
  ) throws(Problem) -> Document {
    let window = try question.query.window()
    guard let trends = store.analyzeVarietyTrends(over: window, of: question.system) else {
      throw Problem(
        .unknownSystem, "No variety of the system \(question.system) has been measured.")
    }
    return .object(StateEncoder.json(trends, of: question.system))
  }

  @Sendable private static func requisite(
    _ store: VarietyMetricsStore, _ question: Question
  ) throws(Problem) -> Document {
    guard let analysis = store.requisiteVarietyStatus(of: question.system) else {
      throw Problem(
        .notMeasured,
        "Not both the environment and the system of \(question.system) have been measured.")
    }
    return .object(StateEncoder.json(analysis, of: question.system))
  }

  @Sendable private static func amplifiers(
    _ store: VarietyMetricsStore, _ question: Question
  ) throws(Problem) -> Document {
    let state = store.systems[question.system]
    let limit = try question.query.limit()
    let after = try Cursor.key(of: "conversions", parts: 2, in: question.query)
    var (amplifiers, attenuators) = (ElementList(limit: limit), ElementList(limit: limit))
    let lists = [
      (name: "amplifier", all: state?.latestAmplifications() ?? []),
      (name: "attenuator", all: state?.latestAttenuations() ?? []),
    ]
    var last: [String]?
    for (name, all) in lists {
      for (id, conversion) in all where after.map({ (Text(name), id) > ($0[0], $0[1]) }) ?? true {
        if amplifiers.count + attenuators.count == limit {
          let next = last.map { Cursor.encode("conversions", $0) }
          return page(amplifiers, attenuators, next)
        }
        let json = OrderedJSON.object(
          [.init(name, .text(id))] + StateEncoder.json(conversion).members)
        if name == "amplifier" { amplifiers.add(json) } else { attenuators.add(json) }
        last = [name, id.string]
      }
    }
    return page(amplifiers, attenuators, nil)
  }

  private static func page(
    _ amplifiers: ElementList, _ attenuators: ElementList, _ next: String?
  ) -> Document {
    .page(Page(("amplifiers", amplifiers), ("attenuators", attenuators), next: next))
  }

  @Sendable private static func alerts(
    _ store: VarietyMetricsStore, _ question: Question
  ) throws(Problem) -> Document {
    let firing = try question.query.flag("firing")
    let cursor = try Cursor.key(of: "alerts", parts: 1, in: question.query)?.first
    let rest = (store.systems[question.system]?.latestAlerts() ?? []).filter { alert in
      (cursor.map { alert.alert > $0 } ?? true) && (firing.map { alert.isFiring == $0 } ?? true)
    }
    var elements = ElementList(limit: try question.query.limit())
    let cut = elements.fill(from: rest) { StateEncoder.json($0, of: question.system) }
    let next = cut.map { Cursor.encode("alerts", [$0.alert.string]) }
    return .page(Page(("alerts", elements), next: next))
  }
}
