import System5Core
import System5Testing
import System5Wire

/// States that records are applied to: small, and with something of everything, for an input that
/// finds an empty store does little.
struct BaseStates {
  static var rules: Rules {
    var rules = Rules()
    rules.redeliveryWindow = 64
    rules.varietyRetention = .hours(2)
    rules.limits.policies = 60
    rules.limits.sources = 12
    rules.limits.adaptations = 200
    rules.limits.freeFormBytes = 2048
    return rules
  }

  private let states: [InputTopic: any PartitionState]
  /// Records after those that the states have seen.
  let following: [RecordLine]
  /// Events that read much of a state: they must find it sound whatever was applied before.
  let probes: [InputTopic: [FuzzRecord]]

  init() {
    let coder = RecordLineCoder()
    var generator = EventGenerator(seed: 3, systems: 2)
    let lines = (0..<700).compactMap { _ in try? coder.parse(Array(generator.next().utf8)) }
    var states: [InputTopic: any PartitionState] = [:]
    for input in InputTopic.allCases {
      states[input] = BaseStates.state(input, after: lines.prefix(250))
    }
    self.states = states
    probes = Dictionary(
      uniqueKeysWithValues: InputTopic.allCases.map { ($0, BaseStates.probes($0)) })
    following = Array(lines.dropFirst(250))
  }

  private static func state(
    _ input: InputTopic, after lines: ArraySlice<RecordLine>
  ) -> any PartitionState {
    var state = input.emptyPartition(rules: rules)
    let decoder = EventDecoder(rules: rules)
    var results: [ResultRecord] = []
    for (offset, line) in lines.enumerated() where line.topic == "system5." + input.suffix {
      let position = Position(topicName: line.topic, partition: 0, offset: Int64(offset))
      line.withRecord { _ = state.process($0, at: position, decoder: decoder, into: &results) }
    }
    return state
  }

  subscript(input: InputTopic) -> any PartitionState {
    states[input] ?? input.emptyPartition(rules: BaseStates.rules)
  }

  private static func probes(_ input: InputTopic) -> [FuzzRecord] {
    let events: [(type: String, data: String)] =
      switch input {
      case .policy:
        [
          (
            "policy.stored",
            #"{"policy":"policy-1","data":{"a":[1]},"metadata":{"b":{}}}"#
          ),
          ("policy.updated", #"{"policy":"policy-1","data":{"a":null,"c":1.50}}"#),
          (
            "policy.effectiveness-recorded",
            #"{"policy":"policy-1","usage_count":9007199254740992,"success_count":1}"#
          ),
        ]
      case .adaptation:
        [
          (
            "adaptation.outcome-recorded",
            #"{"adaptation":"adaptation-1","success":true,"performance_impact":1e100,"#
              + #""anomaly_context":{"type":"t1","severity":1e300},"policy_changes":["a"]}"#
          ),
          ("patterns.extraction-requested", #"{"min_occurrences":1}"#),
          (
            "knowledge.transfer-requested",
            #"{"from_domain":"web","to_domain":"mobile"}"#
          ),
        ]
      case .variety:
        [
          ("variety.measured", #"{"source":"environment","variety":1e100}"#),
          ("variety.threshold-set", #"{"source":"environment","threshold":-1}"#),
          ("variety.measured", #"{"source":"system","variety":5e-324}"#),
        ]
      }
    return events.enumerated().map { number, event in
      probe("system5." + event.type, event.data, number: number)
    }
  }

  /// Half an hour and more after the states' own events.
  private static func probe(_ type: String, _ data: String, number: Int) -> FuzzRecord {
    let time = 1_763_884_800_000 + Int64(2_400 + 1_000 * number) * 1000
    let value =
      #"{"specversion":"1.0","id":"probe-\#(number)","source":"/probe","type":"\#(type)","#
      + #""data":\#(data)}"#
    return FuzzRecord(
      RecordLine(
        topic: "", timestampMilliseconds: time, key: Array("system-\(number % 2)".utf8),
        value: Array(value.utf8)))
  }
}
