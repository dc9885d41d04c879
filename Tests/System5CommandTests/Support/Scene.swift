import System5Core
import System5Wire

@testable import system5

/// One partition with records of its own making, for tests that need no broker.
struct Scene {
  let input: InputTopic
  var rules = Rules()
  var system = "acme"

  var topic: String { "system5." + input.suffix }

  /// The record at an offset; its event's time is as many minutes after 2026-11-23T08:00:00Z.
  func line(
    _ offset: Int64, _ type: String, _ data: String, key: String? = nil, minute: Int64? = nil
  ) -> RecordLine {
    let time = Timestamp(seconds: 1_795_420_800 + 60 * (minute ?? offset))
    let value =
      "{\"specversion\":\"1.0\",\"id\":\"e-\(offset)\",\"source\":\"/test\","
      + "\"type\":\"system5.\(type)\",\"time\":\"\(RFC3339.text(of: time))\",\"data\":\(data)}"
    return RecordLine(
      topic: topic, partition: 0, offset: offset, timestampMilliseconds: time.milliseconds,
      key: Array((key ?? system).utf8), value: Array(value.utf8))
  }

  func shard(_ rules: Rules? = nil) -> DerivedShard {
    DerivedShard(
      input, topic: topic, partition: 0, decoder: EventDecoder(rules: rules ?? self.rules))
  }

  func steps(_ lines: [RecordLine]) -> [DerivedShard.Step] {
    let shard = shard()
    return lines.map { shard.process($0) }
  }
}

extension Scene {
  /// A queue over its threshold of 100 from minute 1 to 2, and again from minute 3 on.
  static let alerts = Scene(input: .variety)
  static let alertLines = [
    alerts.line(0, "variety.threshold-set", #"{"source":"queue","threshold":100}"#),
    alerts.line(1, "variety.measured", #"{"source":"queue","variety":120}"#),
    alerts.line(2, "variety.measured", #"{"source":"queue","variety":80}"#),
    alerts.line(3, "variety.measured", #"{"source":"queue","variety":130}"#),
  ]

  /// Three adaptations that worked in the same context, of which the last makes a pattern.
  static let patterns = Scene(input: .adaptation)
  static let patternLines = (0..<3).map { offset in
    patterns.line(
      offset, "adaptation.outcome-recorded",
      """
      {"adaptation":"a-\(offset)","success":true,"performance_impact":0.5,\
      "anomaly_context":{"type":"slow"},"policy_changes":["scale_up"],"domain":"web"}
      """)
  }
}
