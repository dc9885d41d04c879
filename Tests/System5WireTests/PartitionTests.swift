import System5Core
import System5Wire
import Testing

/// Retires a pattern whenever stream time moves; knows no policy but `known`.
private struct FakeStore: EventStore {
  static let input = InputTopic.policy
  let rules: Rules
  var systems = PersistentTable<Text, FakeSystem>()
  init(rules: Rules) { self.rules = rules }
}

private struct FakeSystem: SystemState {
  var streamTime: Timestamp?

  static func retention(_ rules: Rules) -> Timestamp.Span? { nil }

  mutating func cross(
    from earlier: Timestamp, to later: Timestamp, in context: Context,
    deriving outputs: inout [OutputEvent]
  ) {
    outputs.append(
      OutputEvent(
        system: context.system, time: later,
        payload: .patternRetired(pattern: "p", reason: "time")))
  }

  mutating func apply(
    _ payload: PolicyEvent, at time: Timestamp, in context: Context,
    deriving outputs: inout [OutputEvent]
  ) throws(Refusal) {
    guard payload == .restored(policy: "known") else {
      throw Refusal(.unknownPolicy, "Unknown.")
    }
  }
}

@Suite struct PartitionTests {
  private func process(
    _ partition: inout Partition<FakeStore>, _ offset: Int64, id: String, policy: String,
    key: String = "acme"
  ) -> (Disposition, [ResultRecord]) {
    let value =
      #"{"specversion":"1.0","id":"\#(id)","source":"/s","type":"system5.policy.restored","#
      + #""data":{"policy":"\#(policy)"}}"#
    let line = RecordLine(
      topic: "t", timestampMilliseconds: offset * 1000, key: Array(key.utf8),
      value: Array(value.utf8))
    var results: [ResultRecord] = []
    let position = Position(topicName: "t", partition: 1, offset: offset)
    let decoder = EventDecoder(rules: Rules())
    let disposition = line.withRecord {
      partition.process($0, at: position, decoder: decoder, into: &results)
    }
    return (disposition, results)
  }

  @Test func appliesOnceAndRefusesAfterItsPeriodicResults() throws {
    var partition = Partition<FakeStore>(rules: Rules())
    #expect(partition.input == .policy)
    let (first, none) = process(&partition, 1, id: "a", policy: "known")
    #expect(first == .applied)
    #expect(none.isEmpty)

    let (second, again) = process(&partition, 2, id: "a", policy: "known")
    #expect(second == .duplicate)
    #expect(again.isEmpty)

    let (third, results) = process(&partition, 3, id: "b", policy: "strange")
    #expect(third == .deadLetter(.unknownPolicy))
    #expect(
      results.map(\.topic) == [.result(.patterns), .result(.patterns), .deadLetters])
    #expect(text(results.first?.value)?.contains(#""causationid":"b""#) == true)
    #expect(text(results.first?.value)?.contains(#""id":"t-1@3#0""#) == true)
    #expect(
      results.last?.headers.first
        == RawHeader("__system5.errors.code", text: "unknown-policy"))
    #expect(results.last?.timestampMilliseconds == 3000)
  }

  @Test func aMalformedRecordTouchesNothing() {
    var partition = Partition<FakeStore>(rules: Rules())
    let (disposition, results) = process(&partition, 1, id: "a", policy: "known", key: "a b")
    #expect(disposition == .deadLetter(.badKey))
    #expect(results.map(\.topic) == [.deadLetters])
    #expect(partition.shard.store.systems.isEmpty)
  }
}
