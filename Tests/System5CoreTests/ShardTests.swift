import System5Core
import Testing

private func at(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

@Suite struct ShardTests {
  private var shard: Shard<PolicyStore>

  init() {
    var rules = Rules()
    rules.redeliveryWindow = 3
    shard = Shard(rules: rules)
  }

  private mutating func send(
    _ payload: PolicyEvent, id: Text, source: Text = "/test", time: Int64 = 1,
    recordTime: Int64? = nil, system: Text = "acme"
  ) -> Shard<PolicyStore>.Verdict {
    var outputs: [OutputEvent] = []
    defer { #expect(outputs.isEmpty) }
    return shard.apply(
      Event(
        system: system, time: at(time), recordTime: recordTime.map(at), payload: payload),
      source: source, id: id, deriving: &outputs)
  }

  private mutating func store(_ id: Text, time: Int64 = 1) -> Shard<PolicyStore>.Verdict {
    send(.stored(policy: "p", data: [:], metadata: [:]), id: id, time: time)
  }

  private var policy: Policy? { shard.store.found("p") }
  private var streamTime: Timestamp? { shard.store.streamTime() }

  @Test mutating func eventsDoWhatCallsDo() throws {
    let payloads: [PolicyEvent] = [
      .stored(policy: "p", data: ["a": 1, "b": 1], metadata: ["m": 1]),
      .updated(policy: "p", data: ["a": nil], metadata: ["n": 1], expectedVersion: 1),
      .rolledBack(policy: "p", toVersion: 1, expectedVersion: 2),
      .effectivenessRecorded(policy: "p", usage: 3, successes: 2, failures: 1),
      .deleted(policy: "p", expectedVersion: 3),
      .restored(policy: "p"),
    ]
    for (index, payload) in payloads.enumerated() {
      #expect(send(payload, id: Text("\(index)"), time: Int64(index)) == .applied)
    }
    var direct = PolicyStore()
    try direct.storePolicy(
      "p", data: ["a": 1, "b": 1], metadata: ["m": 1], system: "acme", at: at(0))
    try direct.updatePolicy(
      "p", data: ["a": nil], metadata: ["n": 1], expectedVersion: 1, system: "acme", at: at(1))
    try direct.rollBackPolicy("p", toVersion: 1, expectedVersion: 2, system: "acme", at: at(2))
    try direct.recordPolicyEffectiveness(
      "p", PolicyCounts(usage: 3, successes: 2, failures: 1), system: "acme", at: at(3))
    try direct.deletePolicy("p", expectedVersion: 3, system: "acme", at: at(4))
    try direct.restorePolicy("p", system: "acme", at: at(5))
    #expect(policy == direct.found("p"))
    #expect(streamTime == direct.streamTime())
  }

  @Test mutating func duplicatesAreSeenWithinTheWindowAndForgottenBeyond() {
    for id in ["1", "2", "3"] as [Text] { #expect(store(id) == .applied) }
    for id in ["1", "2", "3"] as [Text] { #expect(store(id) == .duplicate) }
    #expect(policy?.version == 3)
    #expect(store("4") == .applied)
    #expect(store("2") == .duplicate)
    #expect(store("1") == .applied)
    #expect(policy?.version == 5)
  }

  @Test mutating func anotherSourceIsAnotherEvent() {
    #expect(store("1") == .applied)
    let payload = PolicyEvent.stored(policy: "p", data: [:], metadata: [:])
    #expect(send(payload, id: "1", source: "/other") == .applied)
  }

  @Test mutating func refusedEventsAreNotRememberedAndChangeNothing() {
    let deletion = PolicyEvent.deleted(policy: "p", expectedVersion: nil)
    guard case .refused(let refusal) = send(deletion, id: "1") else {
      Issue.record("An unknown policy was deleted.")
      return
    }
    #expect(refusal.code == .unknownPolicy)
    #expect(shard.store.all().isEmpty)
    #expect(store("2") == .applied)
    #expect(send(deletion, id: "1") == .applied)
    #expect(policy?.isActive == false)
  }

  @Test mutating func streamTimeIsTheGreatestEventTimeOfTheSystem() {
    #expect(store("1", time: 10) == .applied)
    #expect(store("2", time: 5) == .applied)
    #expect(streamTime == at(10))
    #expect(policy?.updatedAt == at(5))
    _ = send(.restored(policy: "p"), id: "3", time: 20)
    #expect(streamTime == at(20))
    _ = send(.restored(policy: "p"), id: "4", time: 30, system: "other")
    #expect(streamTime == at(20))
  }

  @Test mutating func futureDatedEventsAreRefusedAndMoveNothing() {
    let payload = PolicyEvent.stored(policy: "p", data: [:], metadata: [:])
    guard case .refused(let refusal) = send(payload, id: "1", time: 301, recordTime: 0) else {
      Issue.record("An event from the future was applied.")
      return
    }
    #expect(refusal.code == .futureDated)
    #expect(shard.store.streamTime() == nil)
    #expect(send(payload, id: "1", time: 300, recordTime: 0) == .applied)
  }

  @Test mutating func aCopyStaysAsItWas() {
    #expect(store("1") == .applied)
    let copy = shard
    #expect(store("2") == .applied)
    #expect(copy.store.found("p")?.version == 1)
  }
}
