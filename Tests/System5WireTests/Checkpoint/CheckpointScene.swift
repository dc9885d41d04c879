import System5Core
import System5Testing
import Testing

@testable import System5Wire

/// A checkpoint apart from any state.
struct Saved: Equatable {
  var manifest: CheckpointManifest
  var chunks: [[UInt8]]

  var content: [UInt8] { Array(chunks.joined()) }

  init(_ state: any PartitionState, at position: Int64 = 0, chunkBytes: Int = 4096) throws {
    var encoder = try CheckpointEncoder(state, position: position, chunkBytes: chunkBytes)
    chunks = []
    while let chunk = encoder.nextChunk() { chunks.append(chunk) }
    manifest = try #require(encoder.manifest)
  }

  /// Content that may be anything, with a manifest whose hash and counts are right.
  init(_ content: [UInt8], like other: CheckpointManifest) {
    manifest = CheckpointManifest(
      version: other.version, input: other.input, position: other.position, chunkCount: 1,
      byteCount: Int64(content.count), hash: XXH64.hash(content), systems: other.systems,
      records: other.records, rules: other.rules)
    chunks = [content]
  }

  func restored(_ rules: Rules) throws(CheckpointError) -> any PartitionState {
    var decoder = try CheckpointDecoder(manifest, input: manifest.input)
    for chunk in chunks { try decoder.add(chunk) }
    return try decoder.finish(rules: rules)
  }

  /// Why it is refused; nil if it is not.
  func refusal(_ rules: Rules = CheckpointScene.rules) -> CheckpointError? {
    do throws(CheckpointError) {
      _ = try restored(rules)
      return nil
    } catch {
      return error
    }
  }
}

/// The three shards of one partition number, and what has followed from what they were given.
struct CheckpointScene {
  var partitions: [any PartitionState]
  private(set) var results: [ResultRecord] = []
  private var offset: Int64 = 0
  private let coder = RecordLineCoder()

  /// Limits are reached within few events: windows turn over, blocks are let go.
  static var rules: Rules {
    var rules = Rules()
    rules.redeliveryWindow = 700
    rules.varietyRetention = .minutes(60)
    return rules
  }

  init() { partitions = InputTopic.allCases.map { $0.emptyPartition(rules: Self.rules) } }

  /// A scene after generated and particular events.
  static func after(_ lines: ArraySlice<String>) throws -> CheckpointScene {
    var scene = CheckpointScene()
    try scene.apply(lines)
    return scene
  }

  mutating func apply(_ lines: ArraySlice<String>) throws {
    for line in lines { try apply(line) }
  }

  mutating func apply(_ line: String) throws {
    let record = try coder.parse(Array(line.utf8))
    for index in partitions.indices
    where record.topic == "system5." + partitions[index].input.suffix {
      let position = Position(topicName: record.topic, partition: 0, offset: offset)
      let decoder = EventDecoder(rules: Self.rules)
      record.withRecord {
        _ = partitions[index].process($0, at: position, decoder: decoder, into: &results)
      }
    }
    offset += 1
  }

  /// The same with all partitions brought back from their checkpoints, and no results yet.
  func restored(chunkBytes: Int = 4096) throws -> CheckpointScene {
    var scene = self
    scene.results = []
    scene.partitions = try partitions.map {
      try Saved($0, at: offset, chunkBytes: chunkBytes).restored(Self.rules)
    }
    return scene
  }

  func saved() throws -> [Saved] { try partitions.map { try Saved($0, at: offset) } }

  mutating func forgetResults() { results = [] }

  /// Generated events, with particular ones among them that the generator does not make.
  static func lines(seed: UInt64, systems: Int, count: Int) -> [String] {
    var generator = EventGenerator(seed: seed, systems: systems)
    var lines: [String] = []
    while lines.count < count {
      if lines.count % 20 == 7 { lines.append(particular(lines.count / 20)) }
      lines.append(generator.next())
    }
    return lines
  }

  /// A little of everything, with a few generated events.
  static func everything(seed: UInt64) -> [String] {
    (0..<18).map(particular) + lines(seed: seed, systems: 1, count: 25)
  }

  /// What senders may send: every kind of JSON, names that are not ASCII, all optional members.
  private static func particular(_ number: Int) -> String {
    let events: [(type: String, data: String)] = [
      (
        "system5.variety.measured",
        #"{"source":"détour","variety":\#(number % 90),"capacity":120.5,"role":"environment","#
          + #""metadata":{"unit":"€","deep":[[],{},[1,{"a":null}]],"n":\#(number)}}"#
      ),
      (
        "system5.variety.threshold-set",
        #"{"source":"détour","threshold":20,"direction":"below","recovery_threshold":30,"#
          + #""for_seconds":120}"#
      ),
      ("system5.variety.threshold-set", #"{"source":"never measured","threshold":5}"#),
      (
        "system5.pattern.learned",
        #"{"pattern":"learned-\#(number % 5)","trigger_conditions":{"load":"high"},"#
          + #""recommended_actions":["a","b"],"confidence":0.25,"domain":"far"}"#
      ),
      (
        "system5.policy.stored",
        #"{"policy":"every-kind","data":{"t":true,"f":false,"z":null,"s":"a\"b\\c\nd","#
          + #""big":123456789012345678901234567890,"small":-1.5E-7,"list":[1,"two",[3]],"é":{"x":-0}},"#
          + #""metadata":{"n":\#(number)}}"#
      ),
      (
        "system5.policy.effectiveness-recorded",
        #"{"policy":"every-kind","usage_count":3,"success_count":2,"failure_count":1}"#
      ),
      ("system5.adaptation.stored", kept(number)), ("system5.adaptation.stored", kept(number)),
      ("system5.adaptation.stored", kept(number)),
      (
        "system5.knowledge.transfer-requested", #"{"from_domain":"kept","to_domain":"other"}"#
      ),
      (
        "system5.variety.measured",
        #"{"source":"teams","variety":\#(number % 70).1,"role":"system"}"#
      ),
      (
        "system5.variety.amplified",
        #"{"amplifier":"\#(number % 2)","input_variety":2,"output_variety":3}"#
      ),
    ]
    let (type, data) = events[number % events.count]
    let topic =
      type.contains("pattern") || type.contains("knowledge")
      ? "adaptation" : type.split(separator: ".")[1]
    let time = "2025-11-23T08:\(10 + number / 60 % 50):\(10 + number % 50)Z"
    return #"{"topic":"system5.\#(topic).events","timestamp":"\#(time)","key":"system-0","#
      + #""value":{"specversion":"1.0","id":"p-\#(number)","source":"/particular/\#(number % 3)","#
      + #""type":"\#(type)","time":"\#(time)","data":\#(data)}}"#
  }

  /// A request to extract patterns, from the time before all generated events.
  static func extraction(system: Int) -> String {
    let time = "2025-11-23T07:00:00Z"
    return
      #"{"topic":"system5.adaptation.events","timestamp":"\#(time)","key":"system-\#(system)","#
      + #""value":{"specversion":"1.0","id":"extraction-\#(system)","source":"/asked","#
      + #""type":"system5.patterns.extraction-requested","time":"\#(time)","data":{}}}"#
  }

  /// Adaptations that make one pattern.
  private static func kept(_ number: Int) -> String {
    #"{"adaptation":"kept-\#(number % 40)","domain":"kept","anomaly_context":{"type":"slow","#
      + #""severity":\#(number)},"policy_changes":["scale_up","wait"],"#
      + #""outcome":{"success":true,"stability_impact":0.9}}"#
  }
}
