import System5Core
import System5Wire

/// Policies, with their versions and how well they work.
enum PolicyRoutes {
  static let all: [Route] = [
    .system(
      "policies", "active", "type", "q", "after", "before", "limit", "cursor", heavy: true,
      answer: .policies(list)),
    .system("policies/{policy}", answer: .policies(policy)),
    .system(
      "policies/{policy}/versions", "limit", "cursor", heavy: true, answer: .policies(versions)),
    .system("policies/{policy}/versions/{version}", answer: .policies(version)),
    .system("policies/{policy}/effectiveness", answer: .policies(effectiveness)),
  ]

  @Sendable private static func list(
    _ store: PolicyStore, _ question: Question
  ) throws(Problem) -> Document {
    let query = question.query
    let limit = try query.limit()
    let filter = PolicyFilter(
      active: try query.flag("active"), type: query["type"], query: query["q"],
      after: try query.time("after"), before: try query.time("before"))
    let cursor = try Cursor.key(of: "policies", parts: 1, in: query)?.first
    let page = store.listPolicies(filter, limit: limit, cursor: cursor, system: question.system)
    var elements = ElementList(limit: limit)
    let cut = elements.fill(from: page.policies) { StateEncoder.json($0) }
    let next = (cut?.policy ?? page.next).map { Cursor.encode("policies", [$0.string]) }
    return .page(Page(("policies", elements), next: next))
  }

  @Sendable private static func policy(
    _ store: PolicyStore, _ question: Question
  ) throws(Problem) -> Document {
    .object(StateEncoder.json(try found(store, question)))
  }

  @Sendable private static func effectiveness(
    _ store: PolicyStore, _ question: Question
  ) throws(Problem) -> Document {
    let shown: Set = [
      "policy", "usage_count", "success_count", "failure_count", "effectiveness",
      "effectiveness_interval",
    ]
    let policy = StateEncoder.json(try found(store, question))
    return .object(.object(policy.members.filter { shown.contains($0.name) }))
  }

  @Sendable private static func versions(
    _ store: PolicyStore, _ question: Question
  ) throws(Problem) -> Document {
    let policy = question.path["policy"]
    let after = try versionNumber(Cursor.key(of: "versions", parts: 1, in: question.query)?.first)
    let history = try refusing { () throws(Refusal) in
      try store.getPolicyHistory(policy, system: question.system)
    }
    var elements = ElementList(limit: try question.query.limit())
    let cut = elements.fill(from: history.filter { $0.version > after }) {
      StateEncoder.json($0, of: policy)
    }
    return .page(
      Page(("versions", elements), next: cut.map { Cursor.encode("versions", ["\($0.version)"]) }))
  }

  private static func versionNumber(_ text: Text?) throws(Problem) -> Int64 {
    guard let text else { return 0 }
    guard let number = Int64(text.string) else {
      throw Cursor.isForeign
    }
    return number
  }

  @Sendable private static func version(
    _ store: PolicyStore, _ question: Question
  ) throws(Problem) -> Document {
    let policy = question.path["policy"]
    guard let number = Int64(question.path["version"].string), number > 0 else {
      throw Problem(.versionNotFound, "Versions are counted 1, 2, 3 and so on.")
    }
    let version = try refusing { () throws(Refusal) in
      try store.getPolicyVersion(policy, version: number, system: question.system)
    }
    return .object(StateEncoder.json(version, of: policy))
  }

  private static func found(
    _ store: PolicyStore, _ question: Question
  ) throws(Problem) -> Policy {
    try refusing { () throws(Refusal) in
      try store.getPolicy(question.path["policy"], system: question.system)
    }
  }

  private static func refusing<Answer>(
    _ body: () throws(Refusal) -> Answer
  ) throws(Problem) -> Answer {
    do {
      return try body()
    } catch {
      switch error.code {
      case .policyDeleted: throw Problem(.policyDeleted, error.message)
      case .versionNotFound: throw Problem(.versionNotFound, error.message)
      default: throw Problem(.unknownPolicy, error.message)
      }
    }
  }
}
