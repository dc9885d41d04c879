import System5Core
import Testing

private let acme: Text = "acme"
private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

@Suite struct PolicyListTests {
  var store = PolicyStore()

  init() throws {
    try store.storePolicy("travel", data: ["type": "rule"], system: acme, at: at(30))
    try store.storePolicy(
      "Budget", data: ["type": "allocation"], metadata: ["by": "Ann"], system: acme, at: at(10))
    try store.storePolicy(
      "hiring", data: ["type": "rule", "note": "no BUDGET"], system: acme, at: at(20))
    try store.storePolicy("old-budget", data: [:], system: acme, at: at(5))
    try store.deletePolicy("old-budget", system: acme, at: at(40))
  }

  private func ids(_ filter: PolicyFilter) -> [Text] {
    store.listPolicies(filter, limit: 10, system: acme).policies.map(\.policy)
  }

  @Test(
    arguments: [
      ("budget", ["Budget", "hiring"]), ("ANN", ["Budget"]), ("", ["Budget", "hiring", "travel"]),
      ("\"type\":\"rule\"", ["hiring", "travel"]), ("none", []),
    ] as [(Text, [Text])])
  func searches(query: Text, expected: [Text]) {
    #expect(store.searchPolicies(query, system: acme).map(\.policy) == expected)
    #expect(store.searchPolicies(query, system: "other").isEmpty)
  }

  @Test func filters() {
    #expect(ids(PolicyFilter()) == ["Budget", "hiring", "old-budget", "travel"])
    #expect(ids(PolicyFilter(active: true)) == ["Budget", "hiring", "travel"])
    #expect(ids(PolicyFilter(active: false)) == ["old-budget"])
    #expect(ids(PolicyFilter(type: "rule")) == ["hiring", "travel"])
    #expect(ids(PolicyFilter(query: "budget")) == ["Budget", "hiring", "old-budget"])
    #expect(ids(PolicyFilter(after: at(20), before: at(40))) == ["hiring", "travel"])
    #expect(ids(PolicyFilter(type: "rule", before: at(30))) == ["hiring"])
  }

  @Test func turnsPages() {
    let first = store.listPolicies(limit: 3, system: acme)
    #expect(first.policies.map(\.policy) == ["Budget", "hiring", "old-budget"])
    #expect(first.next == "old-budget")
    let second = store.listPolicies(limit: 3, cursor: first.next, system: acme)
    #expect(second.policies.map(\.policy) == ["travel"])
    #expect(second.next == nil)
    #expect(store.listPolicies(limit: 4, system: acme).next == nil)
    #expect(store.listPolicies(limit: 0, system: acme).policies.count == 1)
    #expect(store.listPolicies(limit: .max, system: acme).policies.count == 4)
  }

  @Test(arguments: [1, 2, 7, 100, 300])
  func pagesJoinToTheWholeList(limit: Int) throws {
    var store = PolicyStore()
    let all = (0..<300).map { Text("p\($0)") }
    for id in all { try store.storePolicy(id, data: [:], system: acme, at: at(1)) }
    var seen: [Text] = []
    var cursor: Text?
    repeat {
      let page = store.listPolicies(limit: limit, cursor: cursor, system: acme)
      #expect(page.policies.count <= limit)
      seen += page.policies.map(\.policy)
      cursor = page.next
    } while cursor != nil
    #expect(seen == all.sorted())
  }
}
