import System5Core
import System5Wire

/// Series over a window that ends at the system's stream time, which is the only present there is.
enum VarietyHistory {
  private static let mostPoints = 1000
  private static let standardPoints = 200

  /// Environment against system, at so many times.
  @Sendable static func requisite(
    _ store: VarietyMetricsStore, _ question: Question
  ) throws(Problem) -> Document {
    let window = try question.query.window()
    let points = try question.query.integer("points", 1...mostPoints) ?? standardPoints
    let totals = store.varietyTotals(over: window, points: points, of: question.system)
    let elements = ElementList(
      totals.map { total in
        OrderedJSON.object([
          .init("time", .time(total.time)),
          .init("environmental_variety", .number(total.environment)),
          .init("system_variety", .number(total.system)),
        ])
      })
    return .page(Page(("history", elements), members: [.init("window", .string(window.name))]))
  }

  /// A source's measurements: page by page, or thinned out to so many points.
  @Sendable static func source(
    _ store: VarietyMetricsStore, _ question: Question
  ) throws(Problem) -> Document {
    let source = question.path["source"]
    guard store.measurement(of: source, in: question.system) != nil else {
      throw Problem(
        .unknownSource, "The system \(question.system) has not measured a source of that name.")
    }
    let window = try question.query.window()
    let members = [OrderedJSON.Member("window", .string(window.name))]
    guard let points = try question.query.integer("points", 2...mostPoints) else {
      let (elements, next) = try page(store, source, window, question)
      return .page(Page(("history", elements), next: next, members: members))
    }
    guard question.query["limit"] == nil, question.query["cursor"] == nil else {
      throw Problem(.badParameter, "With points there are no pages, so no limit and no cursor.")
    }
    let history = store.thinnedHistory(
      of: source, over: window, points: points, in: question.system)
    let elements = ElementList(history.map { StateEncoder.json($0) })
    return .page(Page(("history", elements), members: members))
  }

  private static func page(
    _ store: VarietyMetricsStore, _ source: Text, _ window: Window, _ question: Question
  ) throws(Problem) -> (ElementList, next: String?) {
    var place = try HistoryPlace(question.query)
    var elements = ElementList(limit: try question.query.limit())
    var hasMore = false
    store.eachMeasurement(
      of: source, over: window, from: place.time, in: question.system
    ) { measurement in
      guard place.passes(measurement.time) else { return true }
      hasMore = elements.isFull
      if hasMore { return false }
      elements.add(StateEncoder.json(measurement))
      place.took(measurement.time)
      return true
    }
    return (elements, hasMore ? place.cursor : nil)
  }
}

/// How far a list of measurements has come; several may have one time.
private struct HistoryPlace {
  private(set) var time: Timestamp?
  /// How many of that time were listed.
  private var listed = 0
  /// How many of it are still to be passed over.
  private var toSkip = 0

  init(_ query: Query) throws(Problem) {
    guard let key = try Cursor.key(of: "history", parts: 2, in: query) else { return }
    guard let microseconds = Int64(key[0].string), let listed = Int(key[1].string),
      (1...1_000_000_000).contains(listed)
    else {
      throw Cursor.isForeign
    }
    time = Timestamp(microseconds: microseconds)
    self.listed = listed
    toSkip = listed
  }

  mutating func passes(_ next: Timestamp) -> Bool {
    guard next == time, toSkip > 0 else { return true }
    toSkip -= 1
    return false
  }

  mutating func took(_ next: Timestamp) {
    listed = next == time ? listed + 1 : 1
    time = next
    toSkip = 0
  }

  var cursor: String? {
    time.map { Cursor.encode("history", ["\($0.microseconds)", "\(listed)"]) }
  }
}
