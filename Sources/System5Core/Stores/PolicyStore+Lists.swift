import HashTreeCollections

/// Which policies to list. Whatever is nil does not matter.
public struct PolicyFilter: Hashable, Sendable {
  /// true: only active ones; false: only deleted ones.
  public var active: Bool?
  /// What `type` in the policy's data must be: this string.
  public var type: Text?
  /// What must occur in the policy's id or in the canonical text of its data or metadata,
  /// upper or lower case.
  public var query: Text?
  /// The earliest `updatedAt`.
  public var after: Timestamp?
  /// The `updatedAt` before which it must lie.
  public var before: Timestamp?

  public init(
    active: Bool? = nil, type: Text? = nil, query: Text? = nil, after: Timestamp? = nil,
    before: Timestamp? = nil
  ) {
    self.active = active
    self.type = type
    self.query = query
    self.after = after
    self.before = before
  }
}

/// A part of a list of policies.
public struct PolicyPage: Hashable, Sendable {
  /// Sorted by id.
  public let policies: [Policy]
  /// The cursor with which the list goes on; nil at its end.
  public let next: Text?
}

extension PolicyStore {
  /// The active policies in whose id, data or metadata the query occurs, upper or lower case,
  /// sorted by id.
  public func searchPolicies(_ query: Text, system: Text) -> [Policy] {
    let filter = PolicyFilter(active: true, query: query)
    return listPolicies(filter, limit: .max, system: system).policies
  }

  /// The policies that pass the filter, sorted by id, page by page.
  ///
  /// - Parameters:
  ///   - limit: the length of a page; 1 or more.
  ///   - cursor: ``PolicyPage/next`` of the page before; nil for the first.
  public func listPolicies(
    _ filter: PolicyFilter = PolicyFilter(), limit: Int, cursor: Text? = nil, system: Text
  ) -> PolicyPage {
    var test = PolicyTest(filter)
    var page = PageBuilder(limit: limit)
    for (id, policy) in state(of: system).policies {
      if let cursor, id <= cursor { continue }
      if page.hasRoom(for: id), test.passes(policy) { page.add(policy) }
    }
    return page.finished()
  }
}

/// A filter with its query prepared.
private struct PolicyTest {
  private let filter: PolicyFilter
  private var search: PolicySearch?

  init(_ filter: PolicyFilter) {
    self.filter = filter
    self.search = filter.query.map(PolicySearch.init)
  }

  mutating func passes(_ policy: Policy) -> Bool {
    if let active = filter.active, policy.isActive != active { return false }
    if let after = filter.after, policy.updatedAt < after { return false }
    if let before = filter.before, policy.updatedAt >= before { return false }
    if let type = filter.type, policy.data["type"] != .string(type) { return false }
    return search?.finds(policy) ?? true
  }
}

/// Picks the first policies by id out of any number that come in any order, without sorting or
/// holding them all.
private struct PageBuilder {
  private let limit: Int
  private var picked: [Policy] = []
  /// No policy from this id on can be on the page, nor be the one that shows that more follow.
  private var bound: Text?

  init(limit: Int) { self.limit = max(1, limit) }

  func hasRoom(for id: Text) -> Bool { bound.map { id < $0 } ?? true }

  mutating func add(_ policy: Policy) {
    picked.append(policy)
    if picked.count / 2 > limit { trim() }
  }

  /// Sorts, and leaves the page and one more.
  private mutating func trim() {
    picked.sort { $0.policy < $1.policy }
    picked.removeLast(max(0, picked.count - 1 - limit))
    bound = picked.count > limit ? picked.last?.policy : nil
  }

  consuming func finished() -> PolicyPage {
    trim()
    guard picked.count > limit else { return PolicyPage(policies: picked, next: nil) }
    picked.removeLast()
    return PolicyPage(policies: picked, next: picked.last?.policy)
  }
}
