import CAllocator
import HashTreeCollections
import Testing

@testable import System5Core

/// What the stores say they take up, against what the allocator says: within a tenth. Each in a
/// process of its own, where nobody else allocates.
@Suite struct FootprintTests {
  @Test func policies() async {
    await #expect(processExitsWith: .success) {
      expectTold { () -> PolicyStore in
        var store = PolicyStore()
        for number in 0..<20_000 {
          let data: JSONObject = [
            fresh("type"): .string(fresh("resource_allocation")),
            fresh("limit"): .number(JSONNumber(Int64(number))),
            fresh("constraints"): [
              fresh("department"): .string(fresh("operations, unit \(number % 9)"))
            ],
          ]
          _ = try? store.apply(
            .stored(policy: fresh("policy number \(number % 15_000)"), data: data, metadata: [:]),
            to: fresh("system-\(number % 7)"), at: Timestamp(seconds: 1_795_420_800))
        }
        return store
      }
    }
  }

  @Test func adaptationsAndTheirPatterns() async {
    await #expect(processExitsWith: .success) {
      expectTold { () -> AdaptationStore in
        var store = AdaptationStore()
        for number in 0..<20_000 {
          let description = AdaptationDescription(
            context: [
              fresh("type"): .string(fresh("slow")),
              fresh("load"): .number(JSONNumber(Int64(number % 100))),
              fresh("region"): .string(fresh("region number \(number % 500)")),
            ],
            policyChanges: [fresh("scale_up_the_servers"), fresh("defer")], domain: fresh("web"))
          let outcome = Outcome(success: true, performanceImpact: 0.5, stabilityImpact: 0.5)
          _ = try? store.apply(
            .outcomeRecorded(
              adaptation: fresh("adaptation number \(number)"), outcome: outcome,
              description: description),
            to: fresh("system-\(number % 7)"), at: Timestamp(seconds: 1_795_420_800))
        }
        return store
      }
    }
  }

  @Test func adaptationsThatAreAlike() async {
    await #expect(processExitsWith: .success) {
      expectTold { () -> AdaptationStore in
        let alike = (0..<50).map { number in
          AdaptationDescription(
            context: [
              fresh("type"): .string(fresh("slow")),
              fresh("region"): .string(fresh("region number \(number)")),
            ],
            policyChanges: [fresh("scale_up_the_servers"), fresh("defer")], domain: fresh("web"))
        }
        var store = AdaptationStore()
        for number in 0..<20_000 {
          _ = try? store.apply(
            .stored(
              adaptation: fresh("adaptation number \(number)"), description: alike[number % 50],
              outcome: nil),
            to: fresh("system-\(number % 7)"), at: Timestamp(seconds: 1_795_420_800))
        }
        return store
      }
    }
  }

  @Test func longSeries() async {
    await #expect(processExitsWith: .success) { expectTold { measured(sources: 20, each: 3000) } }
  }

  @Test func manySources() async {
    await #expect(processExitsWith: .success) { expectTold { measured(sources: 20_000, each: 1) } }
  }

  @Test func windowsOfWhatWasDelivered() async {
    await #expect(processExitsWith: .success) {
      let before = allocated()
      var window = RedeliveryWindow(capacity: 15_000)
      for number in 0..<20_000 {
        let (source, id) = (Array("/generated/by/a/test".utf8), Array("e-\(number)".utf8))
        if let absent = window.find(source: source.span.bytes, id: id.span.bytes) {
          window.insert(absent, source: source.span.bytes, id: id.span.bytes)
        }
      }
      #expect(window.snapshot.heapBytes == window.heapBytes)
      expectClose(window.heapBytes, allocated() - before)
    }
  }
}

/// A string with storage of its own, as one out of a record has.
private func fresh(_ text: String) -> Text {
  Text(String(decoding: Array(text.utf8), as: UTF8.self))
}

private func allocated() -> Int { Int(s5_allocated_bytes()) }

private func measured(sources: Int, each: Int) -> VarietyMetricsStore {
  var store = VarietyMetricsStore()
  for number in 0..<(sources * each) {
    let unit: JSONObject =
      number % 3 == 0 ? [fresh("unit"): .string(fresh("requests per second"))] : [:]
    _ = try? store.apply(
      .measured(
        source: fresh("source number \(number % sources)"), variety: Double(number % 97),
        capacity: nil, role: nil, metadata: unit), to: fresh("system-\(number % 7)"),
      at: Timestamp(seconds: 1_795_420_800 + Int64(number / sources)))
  }
  return store
}

private func expectTold<Store: EventStore>(_ make: () -> Store)
where Store.System: HasFootprint {
  let before = allocated()
  let store = make()
  let grown = allocated() - before
  expectClose(store.systems.values.reduce(0) { $0 + $1.heapBytes }, grown)
}

private func expectClose(_ told: Int, _ grown: Int) {
  #expect(abs(told - grown) * 10 <= grown, "told \(told), grown by \(grown)")
}
