import HTTPTypes
import HashTreeCollections
import System5Core
import System5Wire

/// Adaptations, and the patterns that were found in them.
enum AdaptationRoutes {
  static let all: [Route] = [
    .system("adaptations", "limit", "cursor", heavy: true, answer: .adaptations(list)),
    .system(
      "adaptations/successful", "threshold", "limit", "cursor", heavy: true,
      answer: .adaptations(successful)),
    .system("adaptations/metrics", answer: .adaptations(metrics)),
    .system("adaptations/similar", method: .post, heavy: true, answer: .adaptations(similar)),
    .system("adaptations/{adaptation}", answer: .adaptations(adaptation)),
    // An adaptation may have the name of one of the routes above.
    .system("adaptations/by-id/{adaptation}", answer: .adaptations(adaptation)),
    .system("patterns", "limit", "cursor", heavy: true, answer: .adaptations(patterns)),
  ]

  @Sendable private static func list(
    _ store: AdaptationStore, _ question: Question
  ) throws(Problem) -> Document {
    let limit = try question.query.limit()
    let cursor = try Cursor.key(of: "adaptations", parts: 1, in: question.query)?.first
    let found = store.listAdaptations(after: cursor, limit: limit, system: question.system)
    var elements = ElementList(limit: limit)
    let cut = elements.fill(from: found) { StateEncoder.json($0) }
    let next = cut.map { Cursor.encode("adaptations", [$0.adaptation.string]) }
    return .page(Page(("adaptations", elements), next: next))
  }

  @Sendable private static func adaptation(
    _ store: AdaptationStore, _ question: Question
  ) throws(Problem) -> Document {
    let id = question.path["adaptation"]
    guard let adaptation = store.getAdaptation(id, system: question.system) else {
      throw Problem(
        .unknownAdaptation, "The system \(question.system) has no adaptation of that id.")
    }
    return .object(StateEncoder.json(adaptation))
  }

  /// The most effective first, then by id: what the cursor says, too.
  @Sendable private static func successful(
    _ store: AdaptationStore, _ question: Question
  ) throws(Problem) -> Document {
    let threshold = try question.query.share("threshold")
    let after = try SuccessfulPlace(question.query)
    let found = store.getSuccessfulAdaptations(threshold: threshold, system: question.system)
    let rest = found.drop { !(after?.isBefore($0) ?? true) }
    var elements = ElementList(limit: try question.query.limit())
    let cut = elements.fill(from: rest) { StateEncoder.json($0) }
    let next = cut.map { SuccessfulPlace($0).cursor }
    return .page(Page(("adaptations", elements), next: next))
  }

  @Sendable private static func metrics(
    _ store: AdaptationStore, _ question: Question
  ) throws(Problem) -> Document {
    .object(StateEncoder.json(store.metrics(system: question.system)))
  }

  @Sendable private static func similar(
    _ store: AdaptationStore, _ question: Question
  ) throws(Problem) -> Document {
    let wanted = try SimilarRequest(question.body)
    let found = store.findSimilarAdaptations(
      wanted.context, limit: wanted.limit, system: question.system)
    var elements = ElementList(limit: wanted.limit)
    _ = elements.fill(from: found) { adaptation, similarity in
      StateEncoder.json(adaptation).adding(.init("similarity", .number(similarity)))
    }
    return .page(Page(("adaptations", elements)))
  }

  /// By id; of those that share one, by origin.
  @Sendable private static func patterns(
    _ store: AdaptationStore, _ question: Question
  ) throws(Problem) -> Document {
    let after = try Cursor.key(of: "patterns", parts: 2, in: question.query)
    let rest = store.patterns(system: question.system).drop { pattern in
      after.map { (pattern.pattern, pattern.origin) <= ($0[0], $0[1].string) } ?? false
    }
    var elements = ElementList(limit: try question.query.limit())
    let cut = elements.fill(from: rest) { StateEncoder.json($0, of: question.system) }
    let next = cut.map { Cursor.encode("patterns", [$0.pattern.string, $0.origin]) }
    return .page(Page(("patterns", elements), next: next))
  }
}

extension KnownPattern {
  /// In the order in which patterns that share an id are listed.
  fileprivate var origin: String {
    switch self {
    case .derived: "0"
    case .transferred: "1"
    case .learned: "2"
    }
  }
}

/// How far a list of successful adaptations has come.
private struct SuccessfulPlace {
  private let effectiveness: Double
  private let adaptation: Text

  init(_ last: Adaptation) {
    effectiveness = last.effectiveness ?? 0
    adaptation = last.adaptation
  }

  /// nil for the beginning.
  init?(_ query: Query) throws(Problem) {
    guard let key = try Cursor.key(of: "successful", parts: 2, in: query) else { return nil }
    guard let bits = UInt64(key[0].string, radix: 16) else { throw Cursor.isForeign }
    effectiveness = Double(bitPattern: bits)
    adaptation = key[1]
  }

  func isBefore(_ other: Adaptation) -> Bool {
    let next = other.effectiveness ?? 0
    return next < effectiveness || next == effectiveness && other.adaptation > adaptation
  }

  var cursor: String {
    Cursor.encode(
      "successful", [String(effectiveness.bitPattern, radix: 16), adaptation.string])
  }
}

/// The body of a search for similar adaptations: `{"context":{…},"limit":10}`.
private struct SimilarRequest {
  private(set) var context = JSONObject()
  private(set) var limit = Query.standardLimit

  init(_ body: JSONValue?) throws(Problem) {
    guard case .object(let object)? = body else {
      throw Problem(.badBody, "The body must be a JSON object with a member context.")
    }
    var hasContext = false
    for member in object.members {
      switch (member.name, member.value) {
      case ("context", .object(let context)):
        self.context = context
        hasContext = true
      case ("limit", .number(let number)): limit = try SimilarRequest.limit(number)
      default: throw SimilarRequest.unknown(member)
      }
    }
    guard hasContext else { throw Problem(.badBody, "The member context is missing.") }
  }

  private static func limit(_ number: JSONNumber) throws(Problem) -> Int {
    guard let limit = Int(exactly: number.double), Query.limits.contains(limit) else {
      throw Problem(
        .badBody,
        "The member limit must be a whole number from \(Query.limits.lowerBound) to "
          + "\(Query.limits.upperBound).")
    }
    return limit
  }

  private static func unknown(_ member: JSONObject.Member) -> Problem {
    switch member.name {
    case "context": Problem(.badBody, "The member context must be an object.")
    case "limit": Problem(.badBody, "The member limit must be a number.")
    default: Problem(.badBody, "The body has members context and limit, and no others.")
    }
  }
}
