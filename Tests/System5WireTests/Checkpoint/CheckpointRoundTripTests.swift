import HashTreeCollections
import System5Core
import System5Testing
import Testing

@testable import System5Wire

@Suite struct CheckpointRoundTripTests {
  @Test("a shard that was restored goes on as one that never went away", arguments: [1, 3])
  func goingOn(systems: Int) throws {
    let lines = CheckpointScene.lines(seed: 7, systems: systems, count: 3500)
    for cut in [0, 1, 40, 1201, 2000, 3400] {
      var kept = try CheckpointScene.after(lines[..<cut])
      var restored = try kept.restored()
      #expect(try restored.saved() == kept.saved(), "at \(cut)")
      for (restored, kept) in zip(restored.partitions, kept.partitions) {
        #expect(try StateText.lines(of: restored) == StateText.lines(of: kept), "at \(cut)")
      }
      kept.forgetResults()
      // What an extraction has to look at is not in the bytes, and generated events soon touch all.
      let rest = (0..<systems).map(CheckpointScene.extraction) + lines[cut...]
      try kept.apply(rest[...])
      try restored.apply(rest[...])
      #expect(!kept.results.isEmpty)
      #expect(restored.results == kept.results, "after \(cut)")
      #expect(try restored.saved() == kept.saved(), "after \(cut)")
    }
  }

  @Test("bytes do not tell how often a shard was restored")
  func restoringAgainAndAgain() throws {
    let lines = CheckpointScene.lines(seed: 11, systems: 2, count: 3000)
    var restored = CheckpointScene()
    for start in stride(from: 0, to: lines.count, by: 250) {
      try restored.apply(lines[start..<start + 250])
      restored = try restored.restored()
    }
    #expect(try restored.saved() == CheckpointScene.after(lines[...]).saved())
  }

  @Test("generated events reach what is to be tested")
  func theScene() throws {
    let lines = CheckpointScene.lines(seed: 7, systems: 1, count: 3500)
    let scene = try CheckpointScene.after(lines[...])
    for partition in scene.partitions {
      switch partition {
      case let policies as Partition<PolicyStore>:
        let all = policies.shard.store.systems.values.flatMap(\.policies.values)
        #expect(all.contains { $0.versions.count == 10 && $0.version > 10 })
        #expect(all.contains { !$0.isActive })
        #expect(all.contains { $0.failureCount > 0 })
      case let adaptations as Partition<AdaptationStore>:
        let all = Array(adaptations.shard.store.systems.values)
        #expect(all.allSatisfy { !$0.published.isEmpty && !$0.transferred.isEmpty })
        #expect(all.contains { !$0.learned.isEmpty })
        #expect(adaptations.shard.window.count == 700)
      case let variety as Partition<VarietyMetricsStore>:
        try theSceneHasVariety(Array(variety.shard.store.systems.values))
      default: Issue.record("a partition of no topic")
      }
    }
  }

  private func theSceneHasVariety(_ systems: [SystemVariety]) throws {
    let sources = systems.flatMap(\.sources.values)
    let blocks = sources.flatMap(\.series.blocks).map(\.columns)
    #expect(sources.contains { $0.series.blocks.count > 1 })
    #expect(blocks.contains { !$0.capacities.isEmpty && !$0.metadata.isEmpty })
    let watches = sources.flatMap { [$0.above, $0.below].compactMap(\.self) }
    #expect(watches.contains { $0.violatingSince != nil })
    #expect(sources.contains { $0.current == nil && $0.above != nil })
    #expect(systems.allSatisfy { $0.balance.published != nil })
    #expect(systems.allSatisfy { $0.amplifiers.count == 2 && $0.attenuators.count == 1 })
    #expect(systems.flatMap { $0.latestAlerts() }.contains { $0.episode > 1 })
  }

  @Test("an empty state", arguments: InputTopic.allCases)
  func empty(input: InputTopic) throws {
    let state = input.emptyPartition(rules: Rules())
    let saved = try Saved(state, at: 42)
    #expect(saved.manifest.systems == 0 && saved.manifest.records == 0)
    #expect(saved.manifest.position == 42 && saved.manifest.input == input)
    #expect(saved.chunks.count == 1)
    #expect(try Saved(saved.restored(Rules()), at: 42) == saved)
  }

  @Test("chunks of any size hold the same content", arguments: [1, 7, 4096, 512 * 1024, .max])
  func chunkSizes(chunkBytes: Int) throws {
    let lines = CheckpointScene.lines(seed: 3, systems: 1, count: 400)
    for partition in try CheckpointScene.after(lines[...]).partitions {
      let whole = try Saved(partition)
      let saved = try Saved(partition, chunkBytes: chunkBytes)
      #expect(saved.content == whole.content)
      #expect(saved.manifest.hash == whole.manifest.hash)
      #expect(saved.chunks.dropLast().allSatisfy { $0.count == chunkBytes })
      #expect((1...chunkBytes).contains(saved.chunks.last?.count ?? 0))
      #expect(try Saved(saved.restored(CheckpointScene.rules)) == whole)
    }
  }

  @Test("adaptations that are alike share what they have in common afterwards too")
  func sharing() throws {
    let alike = (0..<20).map { number in
      AdaptationDescription(
        context: [
          "type": "slow", "region": .string(Text("region number \(number), as it is called")),
        ],
        policyChanges: ["scale_up_the_servers", "defer"], domain: "the domain of all of them")
    }
    var store = AdaptationStore(rules: CheckpointScene.rules)
    for number in 0..<2000 {
      let id = Text("adaptation-\(number)")
      _ = try store.apply(
        .stored(adaptation: id, description: alike[number % 20], outcome: nil), to: "acme",
        at: Timestamp(seconds: 1_795_420_800))
    }
    let kept = Partition(restoring: Shard(restoring: store))
    let restored = try Saved(kept).restored(CheckpointScene.rules)
    let adaptations = try #require(restored as? Partition<AdaptationStore>)
    #expect(adaptations.shard.heapBytes * 20 < kept.shard.heapBytes * 21)
  }

  @Test("descriptions are told apart, however many there are and however long")
  func descriptions() throws {
    var store = AdaptationStore(rules: CheckpointScene.rules)
    for number in 0..<9000 {
      let like = number % 3000
      let long = String(repeating: "-", count: like % 10 == 0 ? 600 : 0)
      let description = AdaptationDescription(
        context: like % 7 == 0 ? [:] : ["type": .string(Text("\(like)\(long)")), "load": 1.5],
        policyChanges: like % 3 == 0 ? [] : ["scale", Text("\(like % 100)")],
        domain: Text("domain \(like % 4)"))
      _ = try store.apply(
        .stored(
          adaptation: Text("adaptation-\(number)"), description: description, outcome: nil),
        to: Text("system-\(number % 2)"), at: Timestamp(seconds: 1_795_420_800))
    }
    let saved = try Saved(Partition(restoring: Shard(restoring: store)))
    let state = try saved.restored(CheckpointScene.rules)
    let restored = try #require(state as? Partition<AdaptationStore>)
    #expect(try Saved(restored) == saved)
    for name in store.systems.keys {
      #expect(restored.shard.store.metrics(system: name) == store.metrics(system: name))
      for context in [[:], ["type": "17", "load": 1.5], ["load": 2]] as [JSONObject] {
        let found = [store, restored.shard.store].map { store in
          store.findSimilarAdaptations(context, limit: 9, system: name).map(\.adaptation)
        }
        #expect(found[0] == found[1])
      }
    }
  }

  @Test func hugeAndDeepValues() throws {
    var rules = Rules()
    rules.limits.freeFormBytes = 1 << 24
    let long = String(repeating: "länge ", count: 500_000)
    var store = PolicyStore(rules: rules)
    var deep: JSONValue = .string(Text(long))
    for _ in 1..<CheckpointFormat.depth { deep = .array([deep]) }
    try store.storePolicy(
      "p", data: ["deep": deep], system: Text(String(repeating: "s", count: 70_000)),
      at: Timestamp(microseconds: .min))
    try store.storePolicy("", data: ["": ""], system: "", at: Timestamp(microseconds: .max))
    let state = Partition(restoring: Shard(restoring: store))
    let saved = try Saved(state, chunkBytes: 1000)
    let restored = try #require(saved.restored(rules) as? Partition<PolicyStore>)
    #expect(try Saved(restored, chunkBytes: 1000) == saved)
    let systems = restored.shard.store.systems
    #expect(systems[""]?.policies[""]?.data == ["": ""])
    #expect(systems.values.contains { $0.policies["p"]?.data == ["deep": deep] })
  }

  @Test("doubles come back bit by bit")
  func doubles() throws {
    var store = VarietyMetricsStore()
    let values = [
      0.1, -0.0, Double.leastNonzeroMagnitude, 1e100, .leastNormalMagnitude, 1.0.nextUp,
    ]
    for (index, value) in values.enumerated() {
      let time = Timestamp(seconds: Int64(index))
      try store.recordVarietyMeasurement("s", variety: value, system: "a", at: time)
      try store.recordVarietyMeasurement(Text("e\(index)"), variety: value, system: "a", at: time)
    }
    let saved = try Saved(Partition(restoring: Shard(restoring: store)))
    let restored = try #require(saved.restored(Rules()) as? Partition<VarietyMetricsStore>)
    let series = restored.shard.store.systems["a"]?.sources["s"]?.series
    let points = series?.blocks.first?.columns.varieties
    #expect(points?.map(\.bitPattern) == values.map(\.bitPattern))
    #expect(
      restored.shard.store.systems["a"]?.balance == store.systems["a"]?.balance)
    #expect(store.systems["a"]?.balance.system.partials.count ?? 0 > 2)
  }
}
