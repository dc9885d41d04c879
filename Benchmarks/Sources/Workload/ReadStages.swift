import System5Core
import System5Wire

/// Questions to a store in which one system has everything.
private func filled<Store: EventStore>(
  _: Store.Type, items: Int, records: Int
) -> Store where Store.System.Payload: WirePayload {
  let shape = Shape(systems: 1, items: items)
  let path = EventPath<Store>(Workload(Store.input, shape: shape, count: records))
  var shard = path.shard
  path.apply(path.decoded(), to: &shard)
  return shard.store
}

private let system: Text = "system-0"

let policyReads = [
  Stage(.policy, "get", count: 10_000) { count in
    let store = filled(PolicyStore.self, items: count, records: count)
    let ids = (0..<count).map { Text("policy-\($0)") }
    return Pass(count) { for id in ids { _ = try? store.getPolicy(id, system: system) } }
  },
  Stage(.policy, "search", count: 10_000) { count in
    let store = filled(PolicyStore.self, items: count, records: count)
    return Pass { _ = store.searchPolicies("team-3", system: system) }
  },
]

let adaptationReads = [
  Stage(.adaptation, "similar") { count in
    let store = filled(AdaptationStore.self, items: count, records: count)
    let context: JSONObject = ["type": "latency", "region": "r3", "severity": 4]
    return Pass { _ = store.findSimilarAdaptations(context, limit: 10, system: system) }
  },
  Stage(.adaptation, "successful") { count in
    let store = filled(AdaptationStore.self, items: count, records: count)
    return Pass { _ = store.getSuccessfulAdaptations(system: system) }
  },
  // All of them, for the first time.
  Stage(.adaptation, "extract") { count in
    let store = filled(AdaptationStore.self, items: count, records: count)
    return Pass { extract(from: store) }
  },
  // When nothing has changed since.
  Stage(.adaptation, "extract-again") { count in
    var store = filled(AdaptationStore.self, items: count, records: count)
    _ = try? store.extractPatterns(system: system, at: now(of: store))
    let extracted = store
    return Pass { extract(from: extracted) }
  },
]

private func extract(from store: AdaptationStore) {
  var store = store
  _ = try? store.extractPatterns(system: system, at: now(of: store))
}

private func now(of store: AdaptationStore) -> Timestamp {
  store.systems[system]?.streamTime ?? Timestamp(seconds: 0)
}

let varietyReads = [
  // Of 1,000 sources, over so many points.
  Stage(.variety, "trends") { count in
    let store = filled(VarietyMetricsStore.self, items: 1000, records: 1000 + count)
    return Pass { _ = store.analyzeVarietyTrends(over: .hour, of: system) }
  },
  // Of one source among 1,000, with a thousandth of the points.
  Stage(.variety, "history") { count in
    let store = filled(VarietyMetricsStore.self, items: 1000, records: 1000 + count)
    return Pass { _ = store.history(of: "probe-0-7", over: .hour, in: system) }
  },
]
